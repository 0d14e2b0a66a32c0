import msgspec
import pytest

from sandbox.exam import Exam, LoadError, Timing
from sandbox.guest.orders import Gone
from sandbox.guest.words import (
    BEFORE_ANY_TEST,
    Lost,
    NotLoaded,
    Planned,
    Record,
    Recorded,
    Timed,
    Uncollectable,
)
from sandbox.minutes import Minutes
from sandbox.outcome import (
    ExitedEarly,
    Finished,
    MemoryExceeded,
    ProtocolViolation,
    TimedOut,
    Usage,
)

EXAM = Exam(source="", entry_points=("f",))
GONE = Gone(
    pid=1,
    status=3,
    cpu_s=0.5,
    peak_memory_bytes=9,
    killed=False,
    out_of_memory=False,
    over_scratch=False,
)


@pytest.fixture
def minutes() -> Minutes:
    made = Minutes(EXAM)
    made.note(Planned([("public", False), ("hidden", True)]))
    return made


def passed(number: int) -> Record:
    return Record(number=number, passed=True, wall_s=0.1)


def test_an_exam_that_went_well(minutes: Minutes) -> None:
    minutes.note(Recorded([passed(0)]))
    minutes.note(Recorded([passed(1)]))
    minutes.count(0.5, 10)
    minutes.count(0.25, 7)

    report = minutes.report(2.0)

    usage = Usage(wall_s=2.0, cpu_s=0.75, peak_memory_bytes=10)
    assert [(one.name, one.hidden, one.passed) for one in report.tests] == [
        ("public", False, True),
        ("hidden", True, True),
    ]
    assert report.outcome == Finished(usage)
    assert report.usage == usage
    assert (report.load_error, report.timing, report.collection_error) == (None, None, "")


def test_a_test_without_a_record_has_not_passed(minutes: Minutes) -> None:
    minutes.note(Recorded([passed(0)]))

    report = minutes.report(1.0)

    assert [one.passed for one in report.tests] == [True, False]
    assert isinstance(report.outcome, ProtocolViolation)


def test_only_the_first_plan_counts(minutes: Minutes) -> None:
    minutes.note(Planned([("only this one", False)]))
    minutes.note(Recorded([passed(0)]))

    assert [one.passed for one in minutes.report(1.0).tests] == [True, False]


@pytest.mark.parametrize("number", [2, -1, 10**9])
def test_a_record_of_no_planned_test_is_not_kept(minutes: Minutes, number: int) -> None:
    minutes.note(Recorded([passed(number)]))

    assert not any(one.passed for one in minutes.report(1.0).tests)


def test_a_record_before_the_plan_is_not_kept() -> None:
    minutes = Minutes(EXAM)
    minutes.note(Recorded([passed(0)]))
    minutes.note(Planned([("public", False)]))

    assert not minutes.report(1.0).tests[0].passed


def test_a_lost_candidate_fails_the_test_in_hand_alone(minutes: Minutes) -> None:
    minutes.note(Recorded([passed(0)]))
    minutes.lose(Lost(0, "ended", ""), GONE)
    minutes.note(Recorded([passed(1)]))

    report = minutes.report(1.0)

    assert [one.passed for one in report.tests] == [False, True]
    assert report.tests[0].outcome == ExitedEarly(status=3)
    assert report.outcome == ExitedEarly(3, report.usage)


def test_a_candidate_lost_while_loading_fails_every_test(minutes: Minutes) -> None:
    minutes.lose(Lost(BEFORE_ANY_TEST, "ended", ""), GONE)

    report = minutes.report(1.0)

    assert [one.passed for one in report.tests] == [False, False]
    assert report.tests[0].outcome == ExitedEarly(status=3)
    assert report.tests[1].outcome == ExitedEarly(status=1)
    assert report.outcome == ExitedEarly(3, report.usage)


def test_a_submission_that_does_not_load_fails_every_test_and_says_why(minutes: Minutes) -> None:
    error = LoadError(type="SyntaxError", message="invalid syntax", line=3)
    minutes.note(NotLoaded(error))

    report = minutes.report(1.0)

    assert report.load_error == error
    assert [one.passed for one in report.tests] == [False, False]
    assert isinstance(report.outcome, Finished)


def test_an_exam_cut_short_keeps_what_was_recorded(minutes: Minutes) -> None:
    minutes.note(Recorded([passed(0)]))
    minutes.cut_short(TimedOut(clock="wall"))

    report = minutes.report(10.0)

    assert [one.passed for one in report.tests] == [True, False]
    assert report.tests[1].outcome == TimedOut(clock="wall")


def test_a_memory_error_explains_a_failure_and_spoils_no_pass(minutes: Minutes) -> None:
    records = [
        msgspec.structs.replace(passed(0), passed=False, out_of_memory=True),
        msgspec.structs.replace(passed(1), out_of_memory=True),
    ]
    minutes.note(Recorded(records))

    report = minutes.report(1.0)

    assert report.tests[0].outcome == MemoryExceeded()
    assert report.tests[1].passed


def test_timing_and_the_authors_faults_are_told(minutes: Minutes) -> None:
    timing = Timing(ratio=2.0, rounds=7, outputs_agree=True)
    minutes.note(Timed(timing))
    minutes.note(Uncollectable("test_public.py, line 1: SyntaxError"))

    report = minutes.report(1.0)

    assert report.timing == timing
    assert report.collection_error == "test_public.py, line 1: SyntaxError"
