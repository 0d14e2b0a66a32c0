"""Measures the server over HTTP beside the start of a bare interpreter."""
