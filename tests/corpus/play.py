"""Plays one program of the corpus against a real sandbox and says what is wrong, if anything."""

import ctypes
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import msgspec
from msgspec import Struct

from sandbox.backend import Sandbox
from sandbox.exam import Exam, ExamReport
from sandbox.outcome import SandboxUnavailable
from tests.corpus.outside import Outside, descendants
from tests.corpus.programs import (
    FOLDER,
    Honest,
    Hostile,
    honest_exam,
    honest_from,
    hostile_exam,
)

SLACK_S: Final = 5.0
"""What a run may take beyond its own wall limit on a busy machine."""
SETTLE_S: Final = 8.0
"""How long guests may take to be gone."""
PR_SET_CHILD_SUBREAPER: Final = 36  # Source: linux/prctl.h


class Verdict(Struct, frozen=True, kw_only=True):
    """What playing one program showed; nothing is wrong when `complaints` is empty."""

    name: str
    outcome: str
    wall_s: float
    complaints: tuple[str, ...]


class Table:
    """A sandbox, what lies outside it, and how many processes it has when nothing runs."""

    def __init__(self, sandbox: Sandbox, outside: Outside) -> None:
        self._sandbox = sandbox
        self._outside = outside
        self._known_good = honest_exam(honest_from(FOLDER / "exams" / "known_good"))
        for _ in range(4):
            self._sandbox.run(self._known_good)
        self._idle_count = self._steady_count()

    def play_hostile(self, program: Hostile) -> Verdict:
        """Let a hostile program sit its exam, then see whether anything gives."""
        exam = hostile_exam(program, token=self._outside.token, outside=self._outside.addresses())
        complaints: list[str] = []
        outcome = "none"
        started = time.monotonic()
        for _ in range(program.runs):
            run_started = time.monotonic()
            report = self._run(exam)
            if isinstance(report, str):
                complaints.append(report)
                continue
            outcome = tag_of(report)
            complaints += wrong_in(report, program)
            if self._outside.token in msgspec.json.encode(report).decode():
                complaints.append("the secret is in the report")
            overrun_s = time.monotonic() - run_started - exam.limits.exam_wall_s
            if overrun_s > SLACK_S:
                complaints.append(f"the run overran its limit by {overrun_s:.1f} s")
        complaints += self._aftermath()
        return Verdict(
            name=program.name,
            outcome=outcome,
            wall_s=time.monotonic() - started,
            complaints=tuple(complaints),
        )

    def play_honest(self, program: Honest) -> Verdict:
        """Let an honest submission sit its exam: everything must pass."""
        started = time.monotonic()
        report = self._run(honest_exam(program))
        return Verdict(
            name=program.name,
            outcome="none" if isinstance(report, str) else tag_of(report),
            wall_s=time.monotonic() - started,
            complaints=tuple(failed_in(report)),
        )

    def _run(self, exam: Exam) -> ExamReport | str:
        """Run an exam, or say that the sandbox itself gave way."""
        try:
            return self._sandbox.run(exam)
        except (SandboxUnavailable, OSError, RecursionError) as failed:
            return f"the sandbox failed: {type(failed).__name__}: {failed}"

    def _aftermath(self) -> list[str]:
        complaints = [
            f"afterwards: {complaint}" for complaint in failed_in(self._run(self._known_good))
        ]
        deadline = time.monotonic() + SETTLE_S
        while (left := self._left_over()) and time.monotonic() < deadline:
            time.sleep(0.01)
        complaints += left
        if left:
            self._outside.forgive()
            self._idle_count = max(self._idle_count, len(descendants(os.getpid())))
        return complaints

    def _left_over(self) -> list[str]:
        left = self._outside.changes()
        count = len(descendants(os.getpid()))
        if count > self._idle_count:
            left.append(f"{count} processes are left, {self._idle_count} at the start")
        return left

    def _steady_count(self) -> int:
        counts = []
        for _ in range(50):
            counts.append(len(descendants(os.getpid())))
            time.sleep(0.02)
        return max(counts)


@contextmanager
def orphans_adopted() -> Iterator[None]:
    """Be the parent of every orphan below this process meanwhile, so that none is overlooked."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def tag_of(report: ExamReport) -> str:
    """Return the name of an exam's outcome."""
    return str(msgspec.to_builtins(report.outcome)["type"])


def short_name(test_name: str) -> str:
    """Return a test's own name, whatever file or class it is in."""
    return test_name.rpartition("::")[2]


def wrong_in(report: ExamReport, program: Hostile) -> list[str]:
    """Return what is wrong with a hostile program's report."""
    complaints = []
    passed = {short_name(record.name) for record in report.tests if record.passed}
    allowed = {*program.must_pass, *program.may_pass}
    complaints += [f"{name} passed, unsolved" for name in sorted(passed - allowed)]
    complaints += [
        f"{name} was solved, did not pass" for name in program.must_pass if name not in passed
    ]
    if not report.tests:
        complaints.append("no test was reported")
    if program.loads and report.load_error is not None:
        complaints.append(f"it could not be loaded, which proves nothing: {report.load_error}")
    if report.collection_error:
        complaints.append(f"the author was blamed: {report.collection_error}")
    if program.outcomes and tag_of(report) not in program.outcomes:
        complaints.append(f"outcome {report.outcome}, not one of {', '.join(program.outcomes)}")
    complaints += [
        f"{record.name} is hidden and says {record}"
        for record in report.tests
        if record.hidden
        and (record.message or record.call or record.expected or record.actual or record.output)
    ]
    return complaints + wrong_in_timing(report, program)


def wrong_in_timing(report: ExamReport, program: Hostile) -> list[str]:
    """Return what is wrong with how a hostile program was timed."""
    if program.least_ratio is None:
        return []
    if report.timing is None:
        return ["it was not timed"]
    if report.timing.outputs_agree and report.timing.ratio < program.least_ratio:
        return [f"timed at {report.timing.ratio:.3f} of the reference, least {program.least_ratio}"]
    return []


def failed_in(report: ExamReport | str) -> list[str]:
    """Return what kept an honest submission from passing everything."""
    if isinstance(report, str):
        return [report]
    complaints = [
        f"{record.name}: {record.message} ({record.outcome})"
        for record in report.tests
        if not record.passed
    ]
    if report.load_error is not None:
        complaints.append(f"could not be loaded: {report.load_error}")
    if report.collection_error:
        complaints.append(f"tests could not be collected: {report.collection_error}")
    if not report.tests:
        complaints.append("no test was reported")
    return complaints
