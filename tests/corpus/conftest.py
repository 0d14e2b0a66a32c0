"""Keeps pytest from collecting the corpus' own data."""

collect_ignore = ["hostile", "honest", "exams"]
