"""The examiner: holds the task's tests and no submission, and records what each test said.

Theory of operation. The tests are collected before any candidate is known, so the plan that goes
to the supervisor can not depend on one. An exam then brings, as descriptors, the first candidate,
which is loading meanwhile. Each test has its own deadline. When the candidate is lost, the test in
hand fails, the supervisor is told, and the next test that calls the submission gets a fresh one.
"""

import sys
import time
from collections.abc import Sequence
from types import CodeType, ModuleType
from typing import Final

from sandbox.exam import Workload
from sandbox.guest.calls import describe_calls
from sandbox.guest.control import Control
from sandbox.guest.conversation import Conversation
from sandbox.guest.jobs import ExaminerJob, ExamJob
from sandbox.guest.link import STDOUT, Link, Output
from sandbox.guest.lost import CandidateGone, LoadFailed
from sandbox.guest.programs import ProgramRun, Programs
from sandbox.guest.solution import Solution
from sandbox.guest.testing import pytest_api
from sandbox.guest.testing.collection import collect
from sandbox.guest.testing.running import CollectedTest
from sandbox.guest.testing.verdict import TestVerdict
from sandbox.guest.timing import Bounds, time_submission
from sandbox.guest.words import (
    BEFORE_ANY_TEST,
    ENDED,
    STARTED,
    CandidateWanted,
    Lost,
    NotLoaded,
    ProgramWanted,
    Record,
    Recorded,
    Role,
    Timed,
    encodable,
)

_FLUSH_AFTER_S: Final = 0.1
_NO_EXAM: Final = ExamJob(
    candidate_pid=0, test_wall_s=0, exam_wall_s=0, output_bytes=0, frame_bytes=0, value_depth=0
)
_NOT_PASSED: Final = TestVerdict(passed=False, message="", expected="", actual="", output="")


class Examiner:
    """The tests of one task, collected anew for one exam, and that exam seen from inside."""

    def __init__(self, control: Control, job: ExaminerJob) -> None:
        self._control = control
        self._job = job
        self._tests: list[CollectedTest] = []
        self._exam = _NO_EXAM
        self._first: list[int] = []
        self._link: Link | None = None
        self._deadline = 0.0
        self._waited_s = 0.0
        """What the test in hand had to wait for candidates to be started."""
        self._output = Output(0, _drop)
        self._records: list[Record] = []
        self._flushed_at = 0.0
        self._lost = False
        self._solution = Solution(job.entry_points, job.exported_classes, self._connect)

    def _link_to(self, role: Role, output: Output) -> Link:
        return self._start(CandidateWanted(role), output)

    def _start_program(self, wanted: ProgramWanted) -> Link:
        return self._start(wanted, self._output)

    def _start(self, wish: CandidateWanted | ProgramWanted, output: Output) -> Link:
        """Have a candidate started, which takes nothing of the time it has."""
        asked = time.monotonic()
        self._control.send(wish)
        started, descriptors = self._control.receive(STARTED)
        waited_s = time.monotonic() - asked
        self._waited_s += waited_s
        self._deadline += waited_s
        return self._linked(descriptors, started.pid, output)

    def _linked(self, descriptors: list[int], pid: int, output: Output) -> Link:
        link = Link(descriptors, pid, self._exam.frame_bytes, output)
        link.deadline = self._deadline
        return link

    def _connect(self) -> Conversation:
        if self._solution.collecting:
            raise RuntimeError("a test file may not call the submission while it is collected")
        if self._first:
            descriptors, self._first = self._first, []
            self._link = self._linked(descriptors, self._exam.candidate_pid, self._output)
        else:
            self._link = self._link_to("submission", self._output)
        self._link.until_loaded()
        return Conversation(self._link, self._solution, self._exam.value_depth)

    def collect(self, codes: Sequence[CodeType]) -> list[tuple[str, bool]]:
        """Run the test files as modules and return each test's name and whether it is hidden.

        Args:
            codes: Of the job's files, one each.

        Raises:
            CollectionFailed: If the tests themselves are at fault.
        """
        modules: dict[str, ModuleType] = {
            "pytest": pytest_api,
            "solution": self._solution.module,
        }
        if self._job.program:
            programs = Programs(self._control, self._start_program, self._solution.lose)
            modules["solution"] = _program_module(programs)
        for file, code in zip(self._job.files, codes, strict=True):
            self._tests += collect(
                file.name, file.source, hidden=file.hidden, modules=modules, code=code
            )
        self._solution.collecting = False
        return [(test.name, test.hidden) for test in self._tests]

    def hold(self, exam: ExamJob, first: list[int]) -> bool:
        """Run every test, time the submission where asked, and tell what was found.

        Args:
            first: Descriptors of the first candidate; none for a program.

        Returns:
            Whether every candidate stayed to the end.

        Raises:
            ReferenceFailed: If the task's own workload or reference is at fault.
        """
        self._exam = exam
        self._first = first
        self._output = Output(exam.output_bytes, _drop)
        if self._job.program or self._load():
            self._run_all()
        if self._link is not None:
            self._link.close()
        return not self._lost

    def last_records(self) -> list[Record]:
        """Return what the supervisor was not yet told about the tests."""
        records, self._records = self._records, []
        return records

    def _load(self) -> bool:
        self._deadline = time.monotonic() + self._exam.test_wall_s
        try:
            self._solution.connect()
            if self._solution.placeholders:
                self._solution.resolve_placeholders(self._test_modules())
        except LoadFailed as failed:
            self._control.send(NotLoaded(failed.error))
            return False
        except CandidateGone as gone:
            self._lose(BEFORE_ANY_TEST, gone)
            return False
        return True

    def _test_modules(self) -> list[ModuleType]:
        names = {file.name for file in self._job.files}
        return [one for one in sys.modules.values() if getattr(one, "__file__", "") in names]

    def _run_all(self) -> None:
        self._flushed_at = time.monotonic()
        self._output.sink = _show
        passed = [self._run_one(number, test) for number, test in enumerate(self._tests)]
        if self._job.workload is not None and all(passed):
            self._flush()
            self._time(self._job.workload)

    def _time(self, workload: Workload) -> None:
        self._deadline = time.monotonic() + self._exam.exam_wall_s
        bounds = Bounds(
            wall_s=self._exam.test_wall_s,
            output_bytes=self._exam.output_bytes,
            frame_bytes=self._exam.frame_bytes,
            value_depth=self._exam.value_depth,
        )
        self._control.send(Timed(time_submission(self._link_to, workload, bounds)))

    def _run_one(self, number: int, test: CollectedTest) -> bool:
        started = time.monotonic()
        self._deadline = started + self._exam.test_wall_s
        self._waited_s = 0.0
        if self._link is not None:
            self._link.deadline = self._deadline
        self._solution.calls.clear()
        self._solution.out_of_memory = False
        verdict = self._verdict_of(test)
        gone = self._solution.gone
        wall_s = time.monotonic() - started - self._waited_s
        self._records.append(self._record(number, verdict, wall_s, hidden=test.hidden))
        if gone is not None:
            self._flush()
            self._lose(number, gone)
        elif time.monotonic() - self._flushed_at > _FLUSH_AFTER_S:
            self._flush()
        return verdict.passed

    def _verdict_of(self, test: CollectedTest) -> TestVerdict:
        try:
            verdict = test.run()
        except CandidateGone:
            return _NOT_PASSED
        except LoadFailed as failed:
            message = f"the submission did not load again: {failed.error.type}"
            return _NOT_PASSED._replace(message=message)
        # a test may have swallowed the news that its candidate was lost
        return verdict if self._solution.gone is None else _NOT_PASSED

    def _record(self, number: int, verdict: TestVerdict, wall_s: float, *, hidden: bool) -> Record:
        out_of_memory = self._solution.out_of_memory
        if hidden:
            return Record(number, verdict.passed, wall_s, out_of_memory)
        return Record(
            number,
            verdict.passed,
            wall_s,
            out_of_memory,
            message=encodable(verdict.message),
            expected=encodable(verdict.expected),
            actual=encodable(verdict.actual),
            output=encodable(verdict.output),
            call="" if verdict.passed else encodable(describe_calls(self._solution)),
        )

    def _flush(self) -> None:
        if self._records:
            self._control.send(Recorded(self.last_records()))
        self._flushed_at = time.monotonic()

    def _lose(self, number: int, gone: CandidateGone) -> None:
        self._lost = True
        self._control.send(Lost(number, gone.reason, gone.detail))
        self._control.receive(ENDED)
        self._solution.disconnect()
        if self._link is not None:
            self._link.close()
            self._link = None


def _drop(stream: int, chunk: bytes) -> None:
    """Let go of what is printed while the submission is imported, when no test captures it."""
    del stream, chunk


def _show(stream: int, chunk: bytes) -> None:
    target = sys.stdout if stream == STDOUT else sys.stderr
    target.write(chunk.decode("utf-8", "replace"))


def _program_module(programs: Programs) -> ModuleType:
    module = ModuleType("solution")
    module.__dict__.update(run=programs.run, ProgramRun=ProgramRun)
    return module
