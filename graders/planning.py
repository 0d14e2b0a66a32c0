"""Turns a task and a submission into an exam."""

from msgspec.structs import replace

from graders.grader import ExamScope
from sandbox.exam import Exam, TestFile, Workload
from sandbox.limits import Limits
from tasks.task import Task, TaskKind

PUBLIC_FILE = "test_public.py"
HIDDEN_FILE = "test_hidden.py"


def exam_of(task: Task, source: str, *, scope: ExamScope, wall_limit_s: float | None) -> Exam:
    """Return the exam of a submission; public tests come first, files without text are left out."""
    files = [TestFile(name=PUBLIC_FILE, source=task.test_public, hidden=False)]
    if scope == "full":
        files.append(TestFile(name=HIDDEN_FILE, source=task.test_hidden, hidden=True))
    return Exam(
        source=source,
        entry_points=task.entry_points,
        exported_classes=task.exported_classes,
        test_files=tuple(file for file in files if file.source.strip()),
        program=task.kind is TaskKind.PROGRAM,
        workload=_workload(task) if is_timed(task) else None,
        limits=shortened(task.limits, wall_limit_s),
    )


def is_timed(task: Task) -> bool:
    """Return whether exams of a task measure running time."""
    return task.kind is TaskKind.OPTIMIZATION and bool(task.workload)


def shortened(limits: Limits, wall_limit_s: float | None) -> Limits:
    """Return limits of which none lets an exam, or one test, run longer than `wall_limit_s`."""
    if wall_limit_s is None:
        return limits
    return replace(
        limits,
        test_wall_s=min(limits.test_wall_s, wall_limit_s),
        exam_wall_s=min(limits.exam_wall_s, wall_limit_s),
    )


def _workload(task: Task) -> Workload:
    return Workload(
        source=task.workload,
        reference=task.reference,
        entry_point=task.entry_points[0],
        cost_ratio=task.cost_ratio,
    )
