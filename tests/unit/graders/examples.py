"""A task of each kind and reports about it."""

from msgspec.structs import replace

from sandbox.exam import ExamReport, TestRecord, Timing
from sandbox.outcome import Finished, Usage
from tasks.task import Difficulty, Provenance, Task, TaskKind, Weights

TASK = Task(
    id="double",
    title="Double",
    kind=TaskKind.BUG_FIX,
    difficulty=Difficulty.EASY,
    instruction="Return twice `n`.",
    starter="def double(n):\n    return n\n",
    reference="def double(n):\n    return n + n\n",
    test_public="the public tests",
    test_hidden="the hidden tests",
    entry_points=("double", "Box"),
    exported_classes=("Box",),
    weights=Weights(public=0.2, hidden=0.4, quality=0.1, runtime=0.3),
    provenance=Provenance(source="own", licence="MIT"),
)
TIMED = replace(TASK, kind=TaskKind.OPTIMIZATION, workload="the workload", cost_ratio=16.0)


def report_of(*, public: str = "", hidden: str = "", timing: Timing | None = None) -> ExamReport:
    """Return a report; `+` stands for a passed test, `-` for a failed one."""
    marks = [(mark, False) for mark in public] + [(mark, True) for mark in hidden]
    return ExamReport(
        tests=tuple(
            TestRecord(name=f"test_{number}", hidden=is_hidden, passed=mark == "+")
            for number, (mark, is_hidden) in enumerate(marks)
        ),
        outcome=Finished(),
        usage=Usage(wall_s=0.25, cpu_s=0.125, peak_memory_bytes=1000),
        timing=timing,
    )
