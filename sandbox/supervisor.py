"""Holds one exam: starts examiner and candidates, joins them, keeps the deadline.

The examiner's line is the only source of verdicts. What a candidate writes anywhere reaches the
examiner as data, or nobody.
"""

import time
from typing import Final

import msgspec

from sandbox.candidates import Candidates
from sandbox.exam import Exam, ExamReport
from sandbox.guest.jobs import CandidateJob, ExaminerJob, ExamJob, ProgramJob
from sandbox.guest.nodes import Malformed
from sandbox.guest.orders import Gone
from sandbox.guest.wire import Closed
from sandbox.guest.words import (
    WORD,
    CandidateWanted,
    Done,
    Ended,
    Failed,
    Free,
    Lost,
    Planned,
    ProgramEnded,
    ProgramWanted,
    Recorded,
    Started,
    Uncollectable,
    Wish,
    Word,
)
from sandbox.isolation import rlimits
from sandbox.lane import Examiner, Guest, Lane, Role
from sandbox.limits import DEFAULT_LIMITS, MOST_TESTS
from sandbox.minutes import Minutes
from sandbox.outcome import ProtocolViolation, SandboxUnavailable, TimedOut

_USUAL: Final = (DEFAULT_LIMITS.memory_bytes, DEFAULT_LIMITS.threads)
_FREE_S: Final = 2.0
"""How long an examiner may take to get ready for its next exam."""
_TIMING_WALL_FACTOR: Final = 2.0
"""An optimization's exam may take this many times its wall limit: tests first, then timing."""
_START_S: Final = 20.0
"""How much later an exam may end because its candidates had to be started."""


class Supervisor:
    """One exam in one lane.

    Args:
        candidates: Where its candidates come from; the lane itself, or elsewhere.
    """

    def __init__(self, exam: Exam, lane: Lane, candidates: Candidates) -> None:
        self._exam = exam
        self._lane = lane
        self._candidates = candidates
        self._key = msgspec.structs.replace(exam, source="", limits=DEFAULT_LIMITS)
        """What an examiner's tests depend on."""
        self._started = time.monotonic()
        factor = _TIMING_WALL_FACTOR if exam.workload is not None else 1.0
        self._deadline = self._started + exam.limits.exam_wall_s * factor
        self._start_left_s = _START_S
        self._taken: list[Guest] = []
        self._candidate: Guest | None = None
        self._minutes = Minutes(exam)
        self._is_done = False
        """Whether the examiner held the exam to its end."""

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
                self._candidates.forget(guest)
                guest.close()
        return self._minutes.report(time.monotonic() - self._started)

    def _examine(self) -> None:
        if not self._exam.program:
            self._candidate = self._start_candidate(self._exam.source)
        try:
            examiner = self._examiner()
            if examiner is not None:
                self._minutes.note(Planned(examiner.plan))
                self._hold_with(examiner.guest)
        except Malformed as nonsense:
            raise SandboxUnavailable(f"the examiner sent nonsense: {nonsense}") from nonsense

    def _hold_with(self, examiner: Guest) -> None:
        descriptors = [] if self._candidate is None else self._candidate.descriptors
        try:
            examiner.line.send(self._exam_job(), descriptors)
            while self._heed(examiner, self._next_word(examiner)):
                pass
        except TimeoutError:
            self._minutes.cut_short(TimedOut(clock="wall"))
        except Closed:
            self._minutes.cut_short(ProtocolViolation(reason="the examination was brought down"))
        finally:
            if not self._is_done:
                self._lane.discard_examiner(self._key)

    def _examiner(self) -> Examiner | None:
        """Return an examiner that has collected the tests; None where they are at fault."""
        known = self._lane.examiner(self._key)
        if known is not None and self._is_free(known):
            return known
        self._lane.discard_examiner(self._key)
        guest = self._lane.take(Role.EXAMINER)
        try:
            word = self._first_word(guest)
        except SandboxUnavailable:
            self._lane.discard(guest)
            raise
        if isinstance(word, Planned):
            examiner = Examiner(guest, word.tests)
            self._lane.keep_examiner(self._key, examiner)
            if not self._is_free(examiner):
                raise SandboxUnavailable("an examiner ended before its first exam")
            return examiner
        self._lane.discard(guest)
        self._minutes.note(word)
        return None

    def _is_free(self, examiner: Examiner) -> bool:
        """Say whether nothing of its last exam is left in an examiner; others end by themselves."""
        try:
            word, _ = examiner.guest.line.receive(WORD, _FREE_S)
        except (Closed, TimeoutError):
            return False
        return isinstance(word, Free)

    def _first_word(self, guest: Guest) -> Planned | Uncollectable:
        try:
            guest.line.send(self._examiner_job())
            word = self._next_word(guest)
        except TimeoutError:
            return Uncollectable("the tests could not be collected in time")
        except Closed:
            if self._lane.gone(guest).status < 0:
                return Uncollectable("the tests crashed while they were collected")
            return Uncollectable("the tests ended their own process while they were collected")
        except Malformed:
            return Uncollectable("the tests interfered with their collection")
        if isinstance(word, Planned) and len(word.tests) > MOST_TESTS:
            return Uncollectable(f"{len(word.tests)} tests, at most {MOST_TESTS} are held")
        if isinstance(word, Planned | Uncollectable):
            return word
        raise SandboxUnavailable(f"the examiner failed: {word}")

    def _next_word(self, examiner: Guest) -> Word:
        left_s = self._deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        word, _ = examiner.line.receive(WORD, left_s)
        return word

    def _examiner_job(self) -> ExaminerJob:
        exam = self._exam
        return ExaminerJob(
            files=exam.test_files,
            entry_points=exam.entry_points,
            exported_classes=exam.exported_classes,
            program=exam.program,
            workload=exam.workload,
            seed=exam.seed,
        )

    def _exam_job(self) -> ExamJob:
        limits = self._exam.limits
        return ExamJob(
            candidate_pid=0 if self._candidate is None else self._candidate.pid,
            test_wall_s=limits.test_wall_s,
            exam_wall_s=limits.exam_wall_s,
            output_bytes=limits.output_bytes,
            frame_bytes=limits.frame_bytes,
            value_depth=limits.value_depth,
        )

    def _take(self) -> Guest:
        asked = time.monotonic()
        guest = self._candidates.candidate()
        waited_s = min(time.monotonic() - asked, self._start_left_s)
        self._start_left_s -= waited_s
        self._deadline += waited_s
        self._taken.append(guest)
        return guest

    def _start_candidate(self, source: str) -> Guest:
        limits = self._exam.limits
        job = CandidateJob(
            source=source.encode("utf-8", "surrogatepass"),
            exported_classes=self._exam.exported_classes,
            granted=rlimits.granted(limits),
            frame_bytes=limits.frame_bytes,
            value_depth=limits.value_depth,
            seed=self._exam.seed,
        )
        return self._start(job)

    def _start_program(self, wish: ProgramWanted) -> Guest:
        job = ProgramJob(
            source=self._exam.source.encode("utf-8", "surrogatepass"),
            stdin=wish.stdin,
            argv=wish.argv,
            granted=rlimits.granted(self._exam.limits),
            seed=self._exam.seed,
        )
        return self._start(job)

    def _start(self, job: CandidateJob | ProgramJob) -> Guest:
        guest = self._take()
        limits = self._exam.limits
        if (limits.memory_bytes, limits.threads) != _USUAL:
            self._candidates.limit(guest, limits)
        try:
            guest.line.send(job)
        except Closed:
            raise SandboxUnavailable("a guest ended before its job came") from None
        return guest

    def _heed(self, examiner: Guest, word: Word) -> bool:
        """Do what the examiner asks; return whether the exam goes on."""
        match word:
            case Done(records=records):
                self._minutes.note(Recorded(records))
                self._is_done = True
                return False
            case Failed(report=report):
                raise SandboxUnavailable(f"the examiner failed: {report}")
            case Free():
                raise SandboxUnavailable("the examiner gave an exam up")
            case CandidateWanted() | ProgramWanted() | ProgramEnded() | Lost():
                self._grant(examiner, word)
            case finding:
                self._minutes.note(finding)
        return not isinstance(word, Uncollectable)

    def _grant(self, examiner: Guest, wish: Wish) -> None:
        match wish:
            case CandidateWanted(role=role):
                self._hand_over(examiner, self._start_candidate(self._source_for(role)))
            case ProgramWanted():
                self._hand_over(examiner, self._start_program(wish))
            case ProgramEnded():
                examiner.line.send(Ended(self._end_candidate().status))
            case Lost():
                gone = self._end_candidate()
                self._minutes.lose(wish, gone)
                examiner.line.send(Ended(gone.status))

    def _source_for(self, role: str) -> str:
        workload = self._exam.workload
        return self._exam.source if role == "submission" or workload is None else workload.reference

    def _hand_over(self, examiner: Guest, candidate: Guest) -> None:
        self._candidate = candidate
        examiner.line.send(Started(candidate.pid), candidate.descriptors)

    def _end_candidate(self) -> Gone:
        candidate = self._candidate
        if candidate is None:
            raise SandboxUnavailable("the examiner lost a candidate it did not have")
        self._candidate = None
        self._candidates.kill([candidate])
        self._taken.remove(candidate)
        candidate.close()
        gone = self._candidates.gone(candidate)
        self._minutes.count(gone.cpu_s, gone.peak_memory_bytes)
        return gone

    def _end_guests(self) -> None:
        measured = [guest.usage() for guest in self._taken]
        self._candidates.kill(self._taken)
        for guest, usage in zip(self._taken, measured, strict=True):
            if usage is None:
                gone = self._candidates.gone(guest)
                self._minutes.count(gone.cpu_s, gone.peak_memory_bytes)
            else:
                self._minutes.count(*usage)
                self._candidates.forget(guest)
