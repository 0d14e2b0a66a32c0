"""Judges repairs by their tests."""

from graders.grade import Grade
from graders.grader import ExamScope
from graders.planning import exam_of
from graders.scoring import grade_of
from sandbox.exam import Analysis, Exam, ExamReport
from tasks.task import Task


class BugFixGrader:
    """Counts tests and looks at quality."""

    def plan(
        self, task: Task, source: str, *, scope: ExamScope, wall_limit_s: float | None = None
    ) -> Exam:
        """Return the exam to run."""
        return exam_of(task, source, scope=scope, wall_limit_s=wall_limit_s)

    def judge(
        self, task: Task, *, scope: ExamScope, analysis: Analysis, report: ExamReport
    ) -> Grade:
        """Return the grade."""
        return grade_of(task, scope=scope, analysis=analysis, report=report)
