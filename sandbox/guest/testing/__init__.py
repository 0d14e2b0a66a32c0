"""Collect and run pytest-style test files with the standard library alone."""
