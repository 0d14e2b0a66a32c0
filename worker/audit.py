"""Proves a task in a real sandbox: its reference solves it, nothing wrong does."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from graders.grade import Grade
from graders.registry import GRADERS
from sandbox.backend import Sandbox
from sandbox.exam import ExamReport
from tasks.task import Task

REFERENCE_SCORE: Final = 0.97
"""The least a reference scores: quality and measured time may cost it a little."""
OTHER_SEEDS: Final = (1, 2, 3)
ENVELOPE_SHARE: Final = 0.5
"""Share of its wall limit a reference may use, so that a slower machine still passes it."""


class Check(Struct, frozen=True, kw_only=True):
    """One thing a task must hold, and what was found."""

    task_id: str
    name: str
    held: bool
    found: str


class AuditReport(Struct, frozen=True, kw_only=True):
    """All checks of all audited tasks."""

    held: bool
    checks: tuple[Check, ...]


SandboxOfSeed: TypeAlias = Callable[[int], AbstractContextManager[Sandbox]]
"""Makes a sandbox whose guests hash with a seed; leaving its context closes it."""


def audit(tasks: Sequence[Task], sandbox_of_seed: SandboxOfSeed) -> AuditReport:
    """Check every task, once with the usual seed and then its tests with others.

    Raises:
        SandboxUnavailable: If our own machinery failed.
    """
    with sandbox_of_seed(0) as sandbox:
        checks = [check for task in tasks for check in audit_task(task, sandbox)]
    for seed in OTHER_SEEDS:
        with sandbox_of_seed(seed) as sandbox:
            checks += [seed_check(task, sandbox, seed) for task in tasks]
    order = {task.id: number for number, task in enumerate(tasks)}
    checks.sort(key=lambda check: order[check.task_id])
    return AuditReport(held=all(check.held for check in checks), checks=tuple(checks))


def audit_task(task: Task, sandbox: Sandbox) -> Iterator[Check]:
    """Check one task: collection, reference, time in hand, starter, canaries."""
    report = _run(task, task.reference, sandbox)
    if report.collection_error:
        yield _check(task, "tests are collected", held=False, found=report.collection_error)
        return
    reference = _grade(task, task.reference, sandbox, report)
    yield _check(
        task,
        f"reference passes with at least {REFERENCE_SCORE}",
        held=reference.passed and reference.score >= REFERENCE_SCORE,
        found=_found(reference),
    )
    yield _check(
        task,
        f"reference uses at most {ENVELOPE_SHARE:.0%} of the wall limit",
        held=report.usage.wall_s <= ENVELOPE_SHARE * task.limits.exam_wall_s,
        found=f"{report.usage.wall_s:.2f} of {task.limits.exam_wall_s:g} s",
    )
    starter = _graded(task, task.starter, sandbox)
    yield _check(task, "starter does not pass", held=not starter.passed, found=_found(starter))
    for canary in task.canaries:
        grade = _graded(task, canary.source, sandbox)
        yield _check(
            task,
            f"canary {canary.name} at most {canary.max_score:g}",
            held=not grade.passed and grade.score <= canary.max_score,
            found=_found(grade),
        )


def audit_lines(report: AuditReport) -> list[str]:
    """Return the audit as a table, one line a check."""
    width = max((len(check.name) for check in report.checks), default=0)
    lines = []
    task_id = ""
    for check in report.checks:
        if check.task_id != task_id:
            task_id = check.task_id
            lines.append(task_id)
        word = "ok  " if check.held else "FAIL"
        lines.append(f"  {word} {check.name.ljust(width)}  {check.found}")
    failed = sum(not check.held for check in report.checks)
    return [*lines, f"{len(report.checks)} checks, {failed} failed"]


def seed_check(task: Task, sandbox: Sandbox, seed: int) -> Check:
    """Check that the reference passes every test in a sandbox of another seed."""
    exam = GRADERS[task.kind].plan(task, task.reference, scope="full")
    report = sandbox.run(replace(exam, seed=seed, workload=None))
    failed = [record.name for record in report.tests if not record.passed]
    return _check(
        task,
        f"tests hold under seed {seed}",
        held=bool(report.tests) and not failed,
        found=f"failed: {', '.join(failed)}" if failed else f"{len(report.tests)} tests",
    )


def _graded(task: Task, source: str, sandbox: Sandbox) -> Grade:
    return _grade(task, source, sandbox, _run(task, source, sandbox))


def _run(task: Task, source: str, sandbox: Sandbox) -> ExamReport:
    return sandbox.run(GRADERS[task.kind].plan(task, source, scope="full"))


def _grade(task: Task, source: str, sandbox: Sandbox, report: ExamReport) -> Grade:
    analysis = sandbox.analyse(source)
    return GRADERS[task.kind].judge(task, scope="full", analysis=analysis, report=report)


def _found(grade: Grade) -> str:
    counts = {"public": grade.public, "hidden": grade.hidden}
    tests = [f"{name} {c.passed}/{c.total}" for name, c in counts.items() if c is not None]
    runtime = [] if grade.runtime is None else [f"runtime {grade.runtime:.2f}"]
    return ", ".join([f"score {grade.score:.3f}", *tests, f"quality {grade.quality:.2f}", *runtime])


def _check(task: Task, name: str, *, held: bool, found: str) -> Check:
    return Check(task_id=task.id, name=name, held=held, found=found)
