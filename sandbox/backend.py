"""The seam between the worker and whatever runs guests."""

from typing import Protocol

from sandbox.exam import Analysis, Exam, ExamReport, Health


class Sandbox(Protocol):
    """Runs exams and analyses in throwaway guests. Safe to call from several threads."""

    def run(self, exam: Exam) -> ExamReport:
        """Examine one submission.

        Raises:
            SandboxUnavailable: If our own machinery failed.
        """
        ...

    def analyse(self, source: str) -> Analysis:
        """Parse, measure and lint one source without running it.

        Raises:
            SandboxUnavailable: If our own machinery failed.
        """
        ...

    def health(self) -> Health:
        """Say which isolation layers are in force."""
        ...

    def close(self) -> None:
        """Kill and reap every guest."""
        ...
