from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from msgspec.structs import replace

from sandbox.backend import Sandbox
from sandbox.exam import Exam, ExamReport
from sandbox.outcome import Usage
from sandbox.scripted import ScriptedSandbox
from tasks.task import Canary, Task
from tests.unit.worker.examples import RIGHT, TASK, WRONG, analyse, examine
from worker.audit import AuditReport, Check, audit, audit_lines

Examine = Callable[[Exam], ExamReport]


def seeded(
    examine_seed: Callable[[Exam, int], ExamReport],
) -> tuple[Callable[[int], AbstractContextManager[Sandbox]], list[ScriptedSandbox]]:
    made: list[ScriptedSandbox] = []

    @contextmanager
    def sandbox_of_seed(seed: int) -> Iterator[Sandbox]:
        sandbox = ScriptedSandbox(examine=lambda exam: examine_seed(exam, seed), analyse=analyse)
        made.append(sandbox)
        yield sandbox
        sandbox.close()

    return sandbox_of_seed, made


def audited(*tasks: Task, examine_one: Examine = examine) -> AuditReport:
    sandbox_of_seed, _ = seeded(lambda exam, _seed: examine_one(exam))
    return audit(tasks, sandbox_of_seed)


def failures(report: AuditReport) -> list[str]:
    return [check.name for check in report.checks if not check.held]


def test_a_sound_task_holds_every_check() -> None:
    report = audited(TASK)

    assert report.held
    assert [check.name for check in report.checks] == [
        "reference passes with at least 0.97",
        "reference uses at most 50% of the wall limit",
        "starter does not pass",
        "canary wrong at most 0.5",
        "tests hold under seed 1",
        "tests hold under seed 2",
        "tests hold under seed 3",
    ]


def test_every_sandbox_is_closed() -> None:
    sandbox_of_seed, made = seeded(lambda exam, _seed: examine(exam))

    audit([TASK], sandbox_of_seed)

    assert len(made) == 4
    assert all(sandbox.closed for sandbox in made)


def test_a_reference_that_fails_is_found() -> None:
    report = audited(replace(TASK, reference=WRONG))

    assert not report.held
    assert failures(report)[0] == "reference passes with at least 0.97"
    assert "hidden 0/2" in report.checks[0].found


def test_a_starter_that_passes_is_found() -> None:
    assert failures(audited(replace(TASK, starter=RIGHT))) == ["starter does not pass"]


@pytest.mark.parametrize(
    "canary",
    [
        Canary(name="solves", source=RIGHT, max_score=1.0),
        Canary(name="solves", source=RIGHT, max_score=0.2),
    ],
)
def test_a_canary_that_passes_is_found_whatever_it_may_score(canary: Canary) -> None:
    report = audited(replace(TASK, canaries=(canary,)))

    assert failures(report) == [f"canary solves at most {canary.max_score:g}"]


def test_a_slow_reference_is_found() -> None:
    def examine_slowly(exam: Exam) -> ExamReport:
        return replace(examine(exam), usage=Usage(wall_s=6.0))

    report = audited(TASK, examine_one=examine_slowly)

    assert failures(report) == ["reference uses at most 50% of the wall limit"]


def test_tests_that_depend_on_the_seed_are_found() -> None:
    def examine_by_hash(exam: Exam, seed: int) -> ExamReport:
        report = examine(exam)
        if seed != 2:
            return report
        first = replace(report.tests[0], passed=False)
        return replace(report, tests=(first, *report.tests[1:]))

    sandbox_of_seed, made = seeded(examine_by_hash)
    report = audit([TASK], sandbox_of_seed)

    assert failures(report) == ["tests hold under seed 2"]
    assert report.checks[-2].found == "failed: test_0"
    assert [sandbox.exams[-1].seed for sandbox in made] == [0, 1, 2, 3]


def test_tests_that_can_not_be_collected_are_found_and_explained() -> None:
    def examine_broken(exam: Exam) -> ExamReport:
        return replace(examine(exam), tests=(), collection_error="line 3: no such name")

    report = audited(TASK, examine_one=examine_broken)

    assert report.checks[0] == Check(
        task_id="double", name="tests are collected", held=False, found="line 3: no such name"
    )
    assert not report.held


def test_checks_stand_task_by_task() -> None:
    report = audited(TASK, replace(TASK, id="other", starter=RIGHT))

    lines = audit_lines(report)
    assert [check.task_id for check in report.checks] == ["double"] * 7 + ["other"] * 7
    assert (lines[0], lines[8], lines[-1]) == ("double", "other", "14 checks, 1 failed")
    assert lines[1].startswith("  ok   reference passes")
    assert [line for line in lines if line.startswith("  FAIL ")] == [
        (
            "  FAIL starter does not pass                         score 1.000, public 2/2, "
            "hidden 2/2, quality 1.00"
        )
    ]
