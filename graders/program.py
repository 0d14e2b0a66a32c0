"""Judges whole programs, which tests run with standard input and arguments."""

from graders.bug_fix import BugFixGrader


class ProgramGrader(BugFixGrader):
    """Judges like a bug fix; the exam runs the submission as `__main__` for each call."""
