"""Tasks, jobs and a sandbox that knows how to double."""

from threading import Event

from sandbox.exam import Analysis, Exam, ExamReport, SyntaxProblem, TestRecord, Timing
from sandbox.outcome import Finished, Usage
from tasks.task import Canary, Difficulty, Provenance, Task, TaskKind
from worker.messages import GradeJob, Scope

RIGHT = "def double(n):\n    return n + n\n"
WRONG = "def double(n):\n    return n\n"
BROKEN = "def double(n)\n"
TASK = Task(
    id="double",
    title="Double",
    kind=TaskKind.BUG_FIX,
    difficulty=Difficulty.EASY,
    instruction="Return twice `n`.",
    starter=WRONG,
    reference=RIGHT,
    test_public="public",
    test_hidden="hidden",
    entry_points=("double",),
    provenance=Provenance(source="own", licence="MIT"),
    canaries=(Canary(name="wrong", source=WRONG, max_score=0.5),),
)
PATIENCE_S = 5.0
"""After this long a test has failed."""


def job_of(
    source: str = RIGHT,
    *,
    scope: Scope = "full",
    job_id: str = "j1",
    task_id: str | None = "double",
    inline_task: Task | None = None,
    wall_limit_s: float | None = None,
) -> GradeJob:
    return GradeJob(
        job_id=job_id,
        source=source,
        scope=scope,
        task_id=task_id,
        inline_task=inline_task,
        wall_limit_s=wall_limit_s,
    )


def examine(exam: Exam) -> ExamReport:
    """Pass every test of a source that doubles, none of another; time it where asked."""
    is_right = exam.source == RIGHT
    return ExamReport(
        tests=tuple(
            TestRecord(name=f"test_{number}", hidden=file.hidden, passed=is_right)
            for file in exam.test_files
            for number in range(2)
        ),
        outcome=Finished(),
        usage=Usage(wall_s=0.01),
        timing=Timing(ratio=1.0, rounds=1, outputs_agree=True) if exam.workload else None,
    )


def analyse(source: str) -> Analysis:
    """Find the one syntax problem there is."""
    if source == BROKEN:
        problem = SyntaxProblem(message="expected ':'", line=1, column=14, text=BROKEN)
        return Analysis(syntax_problem=problem)
    return Analysis(complexity=1, function_count=1, line_count=2)


def waited(event: Event) -> None:
    """Wait for an event, but not for ever."""
    assert event.wait(PATIENCE_S), "nothing happened"
