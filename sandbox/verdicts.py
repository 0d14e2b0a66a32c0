"""Pure: turns how a candidate ended, and what the examiner recorded, into a report."""

import signal
from typing import Final

from sandbox.exam import TestRecord
from sandbox.guest.orders import Gone
from sandbox.guest.words import Lost, Record
from sandbox.limits import KIB, MIB, Limits
from sandbox.outcome import (
    Crashed,
    ExitedEarly,
    Finished,
    MemoryExceeded,
    Outcome,
    OutputExceeded,
    ProtocolViolation,
    TimedOut,
)

_MOST: Final = 0.9
"""Share of a limit beyond which an unexplained end counts as reaching it."""


def outcome_of(lost: Lost, gone: Gone, limits: Limits) -> Outcome:
    """Say what happened to a lost candidate.

    Args:
        lost: What the examiner saw.
        gone: What the fork server saw.
    """
    used_up = _used_up(lost.reason, gone, limits)
    if used_up is not None:
        return used_up
    if lost.reason == "load":
        return Finished()
    if lost.reason == "protocol":
        return ProtocolViolation(reason=lost.detail)
    if gone.killed and gone.status == -signal.SIGKILL:
        return ProtocolViolation(reason="the submission closed its line to the tests")
    if gone.status < 0:
        return Crashed(signal=-gone.status)
    return ExitedEarly(status=gone.status)


def _used_up(reason: str, gone: Gone, limits: Limits) -> Outcome | None:
    """Return the limit that was reached; memory first, since reaching it slows everything."""
    if gone.out_of_memory or gone.peak_memory_bytes >= _MOST * limits.memory_bytes:
        return MemoryExceeded()
    if gone.over_scratch or reason == "output":
        return OutputExceeded()
    if gone.status == -signal.SIGXCPU or gone.cpu_s >= _MOST * limits.cpu_s:
        return TimedOut(clock="cpu")
    return TimedOut(clock="wall") if reason == "timeout" else None


def words_for(outcome: Outcome, limits: Limits) -> str:
    """Say an outcome in one sentence for the author of the submission."""
    return f"the submission {said}" if (said := _predicate(outcome, limits)) else ""


def _predicate(outcome: Outcome, limits: Limits) -> str:
    match outcome:
        case Finished():
            said = ""
        case Crashed(signal=number):
            said = f"crashed: {_signal_name(number)}"
        case ExitedEarly(status=status):
            said = f"left with exit status {status} before it had answered"
        case TimedOut(clock=clock):
            more = {
                "cpu": f"used more than {limits.cpu_s} s of CPU",
                "wall": f"took longer than {limits.test_wall_s:g} s",
            }
            said = more[clock]
        case MemoryExceeded():
            said = f"needed more than {limits.memory_bytes // MIB} MiB of memory"
        case OutputExceeded():
            most_kib = limits.output_bytes // KIB
            said = f"printed more than {most_kib} KiB, or filled its scratch folder"
        case ProtocolViolation(reason=reason):
            said = f"interfered with its examination: {reason}"
    return said


def _signal_name(number: int) -> str:
    known = {one.value: one.name for one in signal.Signals}
    return known.get(number, f"signal {number}")


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


def record_for(
    name: str, *, hidden: bool, record: Record | None, outcome: Outcome, limits: Limits
) -> TestRecord:
    """Return one test's record; without one from the examiner the test has not passed."""
    said = record if record is not None else _NO_RECORD
    passed = said.passed and isinstance(outcome, Finished)
    if hidden:
        told = without_detail(outcome)
        return TestRecord(name=name, hidden=True, passed=passed, outcome=told, wall_s=said.wall_s)
    return TestRecord(
        name=name,
        hidden=False,
        passed=passed,
        message=said.message or words_for(outcome, limits),
        call=said.call,
        expected=said.expected,
        actual=said.actual,
        output=said.output,
        outcome=outcome,
        wall_s=said.wall_s,
    )


_NO_RECORD: Final = Record(number=-1, passed=False, wall_s=0.0)
