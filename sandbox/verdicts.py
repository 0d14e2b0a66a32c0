"""Pure: turns how a candidate ended, and what the examiner recorded, into a report."""

import signal
from typing import Any

from sandbox.exam import TestRecord
from sandbox.lane import Gone
from sandbox.limits import Limits
from sandbox.outcome import (
    Crashed,
    ExitedEarly,
    Finished,
    MemoryExceeded,
    Outcome,
    OutputExceeded,
    ProtocolViolation,
    TimedOut,
    Usage,
)

_MOST = 0.9
"""Share of a limit beyond which an unexplained end counts as reaching it."""


def outcome_of(reason: str, detail: str, gone: Gone, limits: Limits) -> Outcome:
    """Say what happened to a lost candidate.

    Args:
        reason: What the examiner saw: ended, timeout, output or protocol.
        gone: What the fork server saw.
    """
    if gone.out_of_memory or gone.peak_memory_bytes >= _MOST * limits.memory_bytes:
        return MemoryExceeded()
    if gone.over_scratch or reason == "output":
        return OutputExceeded()
    if gone.cpu_s >= _MOST * limits.cpu_s:
        return TimedOut(clock="cpu")
    if reason == "timeout":
        return TimedOut(clock="wall")
    if reason == "protocol":
        return ProtocolViolation(reason=detail)
    if gone.killed and gone.status == -signal.SIGKILL:
        return ProtocolViolation(reason="the submission closed its line to the tests")
    if gone.status < 0:
        return Crashed(signal=-gone.status)
    return ExitedEarly(status=gone.status)


def words_for(outcome: Outcome, limits: Limits) -> str:
    """Say an outcome in one sentence for the author of the submission."""
    match outcome:
        case Finished():
            return ""
        case Crashed(signal=number):
            return f"the submission crashed: {signal.Signals(number).name}"
        case ExitedEarly(status=status):
            return f"the submission left with exit status {status} before it had answered"
        case TimedOut(clock="cpu"):
            return f"the submission used more than {limits.cpu_s} s of CPU"
        case TimedOut():
            return f"the submission took longer than {limits.test_wall_s:g} s"
        case MemoryExceeded():
            return f"the submission needed more than {limits.memory_bytes // 2**20} MiB of memory"
        case OutputExceeded():
            return f"the submission printed more than {limits.output_bytes // 1024} KiB, or filled its scratch folder"
        case ProtocolViolation(reason=reason):
            return f"the submission interfered with its examination: {reason}"


def with_usage(outcome: Outcome, usage: Usage) -> Outcome:
    """Return the outcome with what the whole exam used."""
    match outcome:
        case Finished():
            return Finished(usage)
        case Crashed(signal=number):
            return Crashed(number, usage)
        case ExitedEarly(status=status):
            return ExitedEarly(status, usage)
        case TimedOut(clock=clock):
            return TimedOut(clock, usage)
        case MemoryExceeded():
            return MemoryExceeded(usage)
        case OutputExceeded():
            return OutputExceeded(usage)
        case ProtocolViolation(reason=reason):
            return ProtocolViolation(reason, usage)


def without_detail(outcome: Outcome) -> Outcome:
    """Return what may be told of a hidden test: the kind alone."""
    match outcome:
        case Crashed():
            return Crashed(signal=signal.SIGKILL)
        case ExitedEarly():
            return ExitedEarly(status=1)
        case ProtocolViolation():
            return ProtocolViolation(reason="in a hidden test")
        case _:
            return outcome


def test_record(
    name: str, *, hidden: bool, record: dict[str, Any] | None, outcome: Outcome, limits: Limits
) -> TestRecord:
    """Return one test's record; without one from the examiner the test has not passed."""
    said = record if record is not None else {"passed": False, "wall_s": 0.0}
    passed = bool(said["passed"]) and isinstance(outcome, Finished)
    wall_s = float(said["wall_s"])
    if hidden:
        outcome = without_detail(outcome)
        return TestRecord(name=name, hidden=True, passed=passed, outcome=outcome, wall_s=wall_s)
    told = {key: said.get(key, "") for key in ("expected", "actual", "output", "call")}
    message = said.get("message") or words_for(outcome, limits)
    return TestRecord(
        name=name,
        hidden=False,
        passed=passed,
        message=message,
        outcome=outcome,
        wall_s=wall_s,
        **told,
    )
