"""The built-in tasks' tests against real pytest, mutated references and the trusted canaries."""

import subprocess
import sys
from pathlib import Path

import pytest

from graders.registry import GRADERS
from sandbox.exam import Analysis, ExamReport, TestRecord, Timing
from sandbox.outcome import Finished, Usage
from tasks.catalogue import load
from tasks.task import Canary, Task, TaskKind
from tests.unit.tasks.mutants import mutants
from tests.unit.tasks.plain_runner import all_pass, passes

TASKS = list(load().values())
READ_LATER = "`previous` is read only after the first event has set it"
EQUIVALENT = {
    "syntax_fix_invoice_totals": {},
    "bug_fix_session_windows": {
        "start = None\n    pass\n": READ_LATER,
        "previous = 0\n": READ_LATER,
    },
    "optimization_rank_active_users": {},
}
"""Mutants no test can kill, by a piece of their text, and why."""

RUNNABLE = [
    (task, canary)
    for task in TASKS
    for canary in task.canaries
    if canary.name.startswith(("wrong_", "slow_", "cheat_public_"))
]


def by_id(value: object) -> str:
    return value.id if isinstance(value, Task) else getattr(value, "name", "")


@pytest.mark.parametrize("task", TASKS, ids=by_id)
def test_pytest_itself_passes_the_reference(task: Task, tmp_path: Path) -> None:
    (tmp_path / "solution.py").write_text(task.reference, encoding="utf-8")
    (tmp_path / "test_public.py").write_text(task.test_public, encoding="utf-8")
    (tmp_path / "test_hidden.py").write_text(task.test_hidden, encoding="utf-8")
    case_count = sum(len(passes(task.reference, t)) for t in (task.test_public, task.test_hidden))

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert f"{case_count} passed" in run.stdout, run.stdout
    assert run.returncode == 0


@pytest.mark.parametrize("task", TASKS, ids=by_id)
def test_the_reference_passes_every_test(task: Task) -> None:
    assert all_pass(task.reference, task)


@pytest.mark.parametrize("task", TASKS, ids=by_id)
def test_no_mutant_of_the_reference_passes_every_test(task: Task) -> None:
    survivors = [text for text in mutants(task.reference) if all_pass(text, task)]

    equivalent = EQUIVALENT[task.id]
    unexplained = [t for t in survivors if not any(piece in t for piece in equivalent)]
    assert unexplained == []
    assert all(any(piece in text for text in survivors) for piece in equivalent)


@pytest.mark.parametrize("task", TASKS, ids=by_id)
def test_the_starter_solves_nothing_but_an_optimization(task: Task) -> None:
    solved = all_pass(task.starter, task)

    assert solved == (task.kind is TaskKind.OPTIMIZATION)


@pytest.mark.parametrize(("task", "canary"), RUNNABLE, ids=by_id)
def test_a_trusted_canary_stays_below_its_highest_score(task: Task, canary: Canary) -> None:
    records = tuple(
        TestRecord(name=f"{number}", hidden=hidden, passed=passed)
        for hidden, tests in ((False, task.test_public), (True, task.test_hidden))
        for number, passed in enumerate(passes(canary.source, tests))
    )
    is_slow = canary.name.startswith("slow_")
    report = ExamReport(
        tests=records,
        outcome=Finished(),
        usage=Usage(),
        timing=Timing(
            ratio=task.cost_ratio if is_slow else 1.0,
            rounds=1,
            outputs_agree=not canary.name.startswith("cheat_"),
        ),
    )

    grade = GRADERS[task.kind].judge(task, scope="full", analysis=Analysis(), report=report)

    assert grade.score <= canary.max_score
    assert not grade.passed
    assert grade.score >= canary.max_score - 0.06, "the highest score says nothing"
