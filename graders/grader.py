"""The seam between judging and running: a grader plans an exam and judges its report."""

from typing import Literal, Protocol, TypeAlias

from graders.grade import Grade
from sandbox.exam import Analysis, Exam, ExamReport
from tasks.task import Task

ExamScope: TypeAlias = Literal["public", "full"]
"""Which tests run: the public ones, or public and hidden ones."""


class Grader(Protocol):
    """Judges one kind of task without doing I/O."""

    def plan(
        self, task: Task, source: str, *, scope: ExamScope, wall_limit_s: float | None = None
    ) -> Exam:
        """Return the exam to run.

        Args:
            task: What the source is to solve.
            source: The submission.
            scope: Which tests run.
            wall_limit_s: Shortens the task's wall limits, seconds; never lengthens them.
        """
        ...

    def judge(
        self, task: Task, *, scope: ExamScope, analysis: Analysis, report: ExamReport
    ) -> Grade:
        """Return the grade. No text of a hidden test gets into it.

        Args:
            task: What was to be solved.
            scope: What `plan` was asked for.
            analysis: Of the same source.
            report: Of the planned exam.
        """
        ...
