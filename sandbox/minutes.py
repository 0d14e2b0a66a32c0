"""The minutes of one exam: what became known while it was held, and the report made of it."""

import msgspec

from sandbox.exam import Exam, ExamReport, LoadError, TestRecord, Timing
from sandbox.guest.orders import Gone
from sandbox.guest.words import (
    BEFORE_ANY_TEST,
    Finding,
    Lost,
    NotLoaded,
    Planned,
    Record,
    Recorded,
    Timed,
    Uncollectable,
)
from sandbox.outcome import Finished, MemoryExceeded, Outcome, ProtocolViolation, Usage
from sandbox.verdicts import outcome_of, record_for


class Minutes:
    """Takes down what examiner and fork server say. The examiner may be wrong about itself only."""

    def __init__(self, exam: Exam) -> None:
        self._exam = exam
        self._plan: list[tuple[str, bool]] | None = None
        self._records: dict[int, Record] = {}
        self._outcomes: dict[int, Outcome] = {}
        self._cpu_s = 0.0
        self._peak_memory_bytes = 0
        self._load_error: LoadError | None = None
        self._timing: Timing | None = None
        self._collection_error = ""
        self._rest: Outcome = ProtocolViolation(reason="the examination ended early")
        """What becomes of planned tests that have no record."""

    def note(self, finding: Finding) -> None:
        """Take down what the examiner found. Only the first plan counts."""
        match finding:
            case Planned(tests=tests):
                self._plan = tests if self._plan is None else self._plan
            case Recorded(records=records):
                known = range(len(self._plan or ()))
                self._records |= {one.number: one for one in records if one.number in known}
            case NotLoaded(error=error):
                self._load_error = error
                self._rest = Finished()
            case Timed(timing=timing):
                self._timing = timing
            case Uncollectable(reason=reason):
                self._collection_error = reason

    def lose(self, lost: Lost, gone: Gone) -> None:
        """Take down why a test lost its candidate."""
        outcome = outcome_of(lost, gone, self._exam.limits)
        self._outcomes[lost.number] = outcome
        if lost.number == BEFORE_ANY_TEST:
            self._rest = outcome

    def cut_short(self, outcome: Outcome) -> None:
        """Take down why tests without a record have none."""
        self._rest = outcome

    def count(self, cpu_s: float, peak_memory_bytes: int) -> None:
        """Add what one candidate used."""
        self._cpu_s += cpu_s
        self._peak_memory_bytes = max(self._peak_memory_bytes, peak_memory_bytes)

    def report(self, wall_s: float) -> ExamReport:
        """Return the report of the whole exam, which took `wall_s`."""
        usage = Usage(wall_s=wall_s, cpu_s=self._cpu_s, peak_memory_bytes=self._peak_memory_bytes)
        tests = tuple(
            self._test(number, name, hidden=hidden)
            for number, (name, hidden) in enumerate(self._plan or ())
        )
        troubles = [self._outcomes.get(BEFORE_ANY_TEST, Finished())]
        troubles += [test.outcome for test in tests]
        first = next((one for one in troubles if not isinstance(one, Finished)), Finished())
        return ExamReport(
            tests=tests,
            outcome=msgspec.structs.replace(first, usage=usage),
            usage=usage,
            load_error=self._load_error,
            timing=self._timing,
            collection_error=self._collection_error,
        )

    def _test(self, number: int, name: str, *, hidden: bool) -> TestRecord:
        record = self._records.get(number)
        outcome = self._outcomes.get(number, Finished() if record is not None else self._rest)
        if record is not None and record.out_of_memory and not record.passed:
            outcome = MemoryExceeded()
        limits = self._exam.limits
        return record_for(name, hidden=hidden, record=record, outcome=outcome, limits=limits)
