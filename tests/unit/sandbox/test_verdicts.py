import signal
from typing import get_args

import pytest

from sandbox.guest.orders import Gone
from sandbox.guest.words import Lost, Record
from sandbox.limits import MIB, Limits
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
from sandbox.verdicts import outcome_of, record_for, without_detail, words_for

LIMITS = Limits(cpu_s=10, memory_bytes=100 * MIB, test_wall_s=1.5, output_bytes=2048)


def gone(
    *,
    status: int = 0,
    cpu_s: float = 0.1,
    peak_memory_bytes: int = 30 * MIB,
    killed: bool = False,
    out_of_memory: bool = False,
    over_scratch: bool = False,
) -> Gone:
    return Gone(
        pid=7,
        status=status,
        cpu_s=cpu_s,
        peak_memory_bytes=peak_memory_bytes,
        killed=killed,
        out_of_memory=out_of_memory,
        over_scratch=over_scratch,
    )


KILLED = gone(status=-signal.SIGKILL, killed=True)


@pytest.mark.parametrize(
    ("reason", "end", "outcome"),
    [
        ("ended", gone(status=0), ExitedEarly(status=0)),
        ("ended", gone(status=3), ExitedEarly(status=3)),
        ("ended", gone(status=-signal.SIGSEGV), Crashed(signal=signal.SIGSEGV)),
        ("ended", gone(status=-signal.SIGKILL), Crashed(signal=signal.SIGKILL)),
        ("ended", gone(status=0, killed=True), ExitedEarly(status=0)),
        (
            "ended",
            KILLED,
            ProtocolViolation(reason="the submission closed its line to the tests"),
        ),
        ("timeout", KILLED, TimedOut(clock="wall")),
        ("timeout", gone(status=-9, killed=True, cpu_s=9.5), TimedOut(clock="cpu")),
        ("ended", gone(status=-signal.SIGKILL, cpu_s=10.0), TimedOut(clock="cpu")),
        ("ended", gone(status=-signal.SIGXCPU, cpu_s=7.0), TimedOut(clock="cpu")),
        ("output", KILLED, OutputExceeded()),
        ("ended", gone(status=-9, over_scratch=True), OutputExceeded()),
        ("ended", gone(status=-9, out_of_memory=True), MemoryExceeded()),
        ("timeout", gone(status=-9, peak_memory_bytes=90 * MIB), MemoryExceeded()),
        ("output", gone(status=-9, peak_memory_bytes=95 * MIB), MemoryExceeded()),
        ("protocol", KILLED, ProtocolViolation(reason="not a frame")),
        ("protocol", gone(status=-9, cpu_s=9.9), TimedOut(clock="cpu")),
    ],
)
def test_how_a_candidate_was_lost(reason: str, end: Gone, outcome: Outcome) -> None:
    assert outcome_of(Lost(0, reason, "not a frame"), end, LIMITS) == outcome


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Finished(), ""),
        (Crashed(signal=signal.SIGSEGV), "the submission crashed: SIGSEGV"),
        (Crashed(signal=40), "the submission crashed: signal 40"),
        (
            ExitedEarly(status=4),
            "the submission left with exit status 4 before it had answered",
        ),
        (TimedOut(clock="cpu"), "the submission used more than 10 s of CPU"),
        (TimedOut(clock="wall"), "the submission took longer than 1.5 s"),
        (MemoryExceeded(), "the submission needed more than 100 MiB of memory"),
        (
            OutputExceeded(),
            "the submission printed more than 2 KiB, or filled its scratch folder",
        ),
        (
            ProtocolViolation(reason="not a frame"),
            "the submission interfered with its examination: not a frame",
        ),
    ],
)
def test_every_outcome_has_words(outcome: Outcome, words: str) -> None:
    assert words_for(outcome, LIMITS) == words


def test_every_kind_of_outcome_was_named_above() -> None:
    assert len(get_args(Outcome)) == 7


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Crashed(signal=11), Crashed(signal=9)),
        (ExitedEarly(status=42), ExitedEarly(status=1)),
        (ProtocolViolation(reason="42"), ProtocolViolation(reason="in a hidden test")),
        (TimedOut(clock="cpu"), TimedOut(clock="cpu")),
        (MemoryExceeded(), MemoryExceeded()),
    ],
)
def test_of_a_hidden_test_the_kind_alone_is_told(outcome: Outcome, told: Outcome) -> None:
    assert without_detail(outcome) == told


RECORD = Record(
    number=0,
    passed=False,
    wall_s=0.25,
    message="4 is not 5",
    expected="5",
    actual="4",
    output="hello\n",
    call="f(2)",
)


def test_a_public_test_tells_everything() -> None:
    made = record_for("t", hidden=False, record=RECORD, outcome=Finished(), limits=LIMITS)

    assert (made.name, made.hidden, made.passed, made.wall_s) == ("t", False, False, 0.25)
    assert (made.message, made.expected, made.actual) == ("4 is not 5", "5", "4")
    assert (made.output, made.call, made.outcome) == ("hello\n", "f(2)", Finished())


def test_a_hidden_test_tells_nothing_even_if_its_record_does() -> None:
    made = record_for(
        "t", hidden=True, record=RECORD, outcome=ExitedEarly(status=42), limits=LIMITS
    )

    texts = (made.message, made.expected, made.actual, made.output, made.call)
    assert texts == ("", "", "", "", "")
    assert made.outcome == ExitedEarly(status=1)
    assert made.passed is False


def test_without_a_record_a_test_has_not_passed() -> None:
    made = record_for("t", hidden=False, record=None, outcome=TimedOut(clock="wall"), limits=LIMITS)

    assert made.passed is False
    assert made.message == "the submission took longer than 1.5 s"


def test_without_a_record_not_even_a_finished_exam_passes_a_test() -> None:
    made = record_for("t", hidden=True, record=None, outcome=Finished(), limits=LIMITS)

    assert made.passed is False


def test_a_pass_counts_only_where_the_candidate_was_not_lost() -> None:
    passed = Record(number=0, passed=True, wall_s=0.1)

    assert record_for("t", hidden=False, record=passed, outcome=Finished(), limits=LIMITS).passed
    lost = record_for("t", hidden=False, record=passed, outcome=Crashed(signal=11), limits=LIMITS)
    assert lost.passed is False
    assert lost.message == "the submission crashed: SIGSEGV"
