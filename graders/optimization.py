"""Judges optimizations by their tests and by CPU time relative to a reference."""

import math

from graders.grade import Grade
from graders.grader import ExamScope
from graders.planning import exam_of
from graders.scoring import Runtime, grade_of, public_tests_passed
from sandbox.exam import Analysis, Exam, ExamReport, Timing
from tasks.task import Task


class OptimizationGrader:
    """Counts tests, looks at quality and places the running time between starter and reference."""

    def plan(
        self, task: Task, source: str, *, scope: ExamScope, wall_limit_s: float | None = None
    ) -> Exam:
        """Return the exam to run; it times the submission where the task has a workload."""
        return exam_of(task, source, scope=scope, wall_limit_s=wall_limit_s)

    def judge(
        self, task: Task, *, scope: ExamScope, analysis: Analysis, report: ExamReport
    ) -> Grade:
        """Return the grade; the running time counts once every public test passes."""
        runtime = None
        if report.timing is not None and public_tests_passed(analysis, report):
            runtime = runtime_of(report.timing, cost_ratio=task.cost_ratio)
        return grade_of(task, scope=scope, analysis=analysis, report=report, runtime=runtime)


def runtime_of(timing: Timing, *, cost_ratio: float) -> Runtime:
    """Return where a submission lies between starter (0) and reference (1) on a log scale.

    Args:
        timing: What was measured. Outputs that disagree with the reference's earn nothing.
        cost_ratio: The starter's cost over the reference's, above 1.
    """
    ratio = timing.ratio
    if not timing.outputs_agree or not math.isfinite(ratio):
        return Runtime(share=0.0, ratio=ratio if math.isfinite(ratio) else None)
    if ratio <= 1:
        return Runtime(share=1.0, ratio=ratio)
    share = 1 - math.log(ratio) / math.log(cost_ratio)
    return Runtime(share=max(0.0, share), ratio=ratio)
