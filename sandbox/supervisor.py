"""Holds one exam: starts examiner and candidates, joins them, keeps the deadline, writes the report.

The examiner's line is the only source of verdicts. What a candidate writes anywhere reaches the
examiner as data, or nobody.
"""

import time
from typing import Any, Final

import msgspec

from sandbox.code_cache import CodeCache
from sandbox.exam import Exam, ExamReport, LoadError, TestRecord, Timing
from sandbox.guest.wire import Closed
from sandbox.isolation import rlimits
from sandbox.lane import Gone, Guest, Lane, Role
from sandbox.limits import DEFAULT_LIMITS
from sandbox.outcome import (
    Finished,
    MemoryExceeded,
    Outcome,
    ProtocolViolation,
    SandboxUnavailable,
    TimedOut,
    Usage,
)
from sandbox.verdicts import outcome_of, test_record, with_usage

_TIMING_WALL_FACTOR: Final = 2.0
"""An optimization's exam may take this many times its wall limit: tests first, then timing."""
_BEFORE_ANY_TEST: Final = -1


class Supervisor:
    """One exam in one lane."""

    def __init__(self, exam: Exam, lane: Lane, codes: CodeCache) -> None:
        self._exam = exam
        self._lane = lane
        self._codes = codes
        self._started = time.monotonic()
        factor = _TIMING_WALL_FACTOR if exam.workload is not None else 1.0
        self._deadline = self._started + exam.limits.exam_wall_s * factor
        self._taken: list[Guest] = []
        self._candidate: Guest | None = None
        self._plan: list[tuple[str, bool]] = []
        self._records: dict[int, dict[str, Any]] = {}
        self._outcomes: dict[int, Outcome] = {}
        self._cpu_s = 0.0
        self._peak_memory_bytes = 0
        self._load_error: LoadError | None = None
        self._timing: Timing | None = None
        self._collection_error = ""
        self._rest: Outcome = ProtocolViolation(reason="the examination ended early")
        """What becomes of planned tests that have no record."""

    def run(self) -> ExamReport:
        """Hold the exam.

        Raises:
            SandboxUnavailable: If our own machinery failed.
        """
        try:
            self._examine()
            self._end_guests()
        finally:
            for guest in self._taken:
                guest.close()
        return self._report()

    def _take(self, role: Role) -> Guest:
        guest = self._lane.take(role)
        self._taken.append(guest)
        if self._exam.limits.memory_bytes != DEFAULT_LIMITS.memory_bytes:
            self._lane.limit_memory(guest, self._exam.limits.memory_bytes)
        return guest

    def _examine(self) -> None:
        examiner = self._take(Role.EXAMINER)
        job, descriptors = self._job(), []
        if not self._exam.program:
            self._candidate = self._start("submission", self._exam.source)
            job["candidate_pid"] = self._candidate.pid
            descriptors = self._candidate.descriptors
        try:
            examiner.line.send(job, descriptors)
            while self._heed(examiner, *self._next_word(examiner)):
                pass
        except TimeoutError:
            self._rest = TimedOut(clock="wall")
        except Closed:
            self._rest = ProtocolViolation(reason="the examination was brought down")

    def _next_word(self, examiner: Guest) -> list[Any]:
        left_s = self._deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        word, _ = examiner.line.receive(left_s)
        return list(word)

    def _job(self) -> dict[str, Any]:
        exam, limits = self._exam, self._exam.limits
        return {
            "role": "examiner",
            "files": [[file.name, file.source, file.hidden] for file in exam.test_files],
            "entry_points": exam.entry_points,
            "exported_classes": exam.exported_classes,
            "codes": self._codes.of(exam.test_files),
            "program": exam.program,
            "workload": None if exam.workload is None else msgspec.to_builtins(exam.workload),
            "seed": exam.seed,
            "candidate_pid": 0,
            "test_wall_s": limits.test_wall_s,
            "exam_wall_s": limits.exam_wall_s,
            "output_bytes": limits.output_bytes,
            "frame_bytes": limits.frame_bytes,
            "value_depth": limits.value_depth,
        }

    def _start(self, role: str, source: str, **facts: Any) -> Guest:
        guest = self._take(Role.CANDIDATE)
        limits = self._exam.limits
        job = {
            "role": "program" if role == "program" else "candidate",
            "source": source.encode("utf-8", "surrogatepass"),
            "exported_classes": self._exam.exported_classes,
            "granted": rlimits.granted(limits),
            "frame_bytes": limits.frame_bytes,
            "value_depth": limits.value_depth,
            "seed": self._exam.seed,
            **facts,
        }
        try:
            guest.line.send(job)
        except Closed:
            raise SandboxUnavailable("a guest ended before its job came") from None
        return guest

    def _heed(self, examiner: Guest, word: str, *facts: Any) -> bool:
        """Do what the examiner asks; return whether the exam goes on."""
        match word:
            case "codes":
                self._codes.keep(self._exam.test_files, facts[0])
            case "plan":
                self._plan = [(name, hidden) for name, hidden in facts[0]]
            case "records":
                self._records |= {record["number"]: record for record in facts[0]}
            case "lost":
                self._lose(*facts)
                examiner.line.send(["ended"])
            case "candidate":
                source = self._source_for(facts[0])
                self._hand_over(examiner, self._start(facts[0], source))
            case "program":
                stdin, argv = facts
                started = self._start("program", self._exam.source, stdin=stdin, argv=argv)
                self._hand_over(examiner, started)
            case "program_ended":
                examiner.line.send(["ended", self._end_candidate().status])
            case "load_error":
                self._load_error = msgspec.convert(facts[0], LoadError)
                self._rest = Finished()
            case "timing":
                self._timing = msgspec.convert(facts[0], Timing)
            case "collection_failed":
                self._collection_error = facts[0]
                return False
            case "done":
                return False
            case _:
                raise SandboxUnavailable(f"the examiner failed: {facts}")
        return True

    def _source_for(self, role: str) -> str:
        if role == "reference":
            assert self._exam.workload is not None
            return self._exam.workload.reference
        return self._exam.source

    def _hand_over(self, examiner: Guest, candidate: Guest) -> None:
        self._candidate = candidate
        examiner.line.send(["candidate", candidate.pid], candidate.descriptors)

    def _lose(self, number: int, reason: str, detail: str) -> None:
        gone = self._end_candidate()
        outcome = outcome_of(reason, detail, gone, self._exam.limits)
        self._outcomes[number] = outcome
        if number == _BEFORE_ANY_TEST:
            self._rest = outcome

    def _end_candidate(self) -> Gone:
        assert self._candidate is not None
        self._lane.kill([self._candidate])
        self._taken.remove(self._candidate)
        self._candidate.close()
        gone = self._lane.gone(self._candidate)
        self._count(gone)
        return gone

    def _count(self, gone: Gone) -> None:
        self._cpu_s += gone.cpu_s
        self._peak_memory_bytes = max(self._peak_memory_bytes, gone.peak_memory_bytes)

    def _end_guests(self) -> None:
        measured = [guest.usage() for guest in self._taken[1:]]
        self._lane.kill(self._taken)
        self._lane.forget(self._taken[0])
        for guest, usage in zip(self._taken[1:], measured, strict=True):
            if usage is None:
                self._count(self._lane.gone(guest))
            else:
                self._cpu_s += usage[0]
                self._peak_memory_bytes = max(self._peak_memory_bytes, usage[1])
                self._lane.forget(guest)

    def _report(self) -> ExamReport:
        usage = Usage(
            wall_s=time.monotonic() - self._started,
            cpu_s=self._cpu_s,
            peak_memory_bytes=self._peak_memory_bytes,
        )
        tests = tuple(self._test(number) for number in range(len(self._plan)))
        troubles = [self._outcomes.get(_BEFORE_ANY_TEST, Finished())]
        troubles += [test.outcome for test in tests]
        first = next((one for one in troubles if not isinstance(one, Finished)), Finished())
        return ExamReport(
            tests=tests,
            outcome=with_usage(first, usage),
            usage=usage,
            load_error=self._load_error,
            timing=self._timing,
            collection_error=self._collection_error,
        )

    def _test(self, number: int) -> TestRecord:
        name, hidden = self._plan[number]
        record = self._records.get(number)
        outcome = self._outcomes.get(number, Finished() if record is not None else self._rest)
        if record is not None and record["out_of_memory"] and not record["passed"]:
            outcome = MemoryExceeded()
        limits = self._exam.limits
        return test_record(name, hidden=hidden, record=record, outcome=outcome, limits=limits)
