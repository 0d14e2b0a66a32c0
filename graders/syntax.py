"""Judges repairs of what did not compile."""

from graders.bug_fix import BugFixGrader


class SyntaxFixGrader(BugFixGrader):
    """Judges like a bug fix: to compile earns nothing by itself, since deleting the code does."""
