"""The examiner: holds the task's tests and no submission, and records what each test said.

Theory of operation. The job brings the test files and, as descriptors, the first candidate, which
is loading meanwhile. The tests are collected before anything is heard of the candidate, so the plan
that goes to the supervisor can not depend on it. Each test has its own deadline. When the candidate
is lost, the test in hand fails, the supervisor is told, and the next test that calls the submission
gets a fresh one.
"""

import marshal
import random
import sys
import time
import traceback
from types import CodeType, ModuleType
from typing import Final

from sandbox.exam import TestFile, Workload
from sandbox.guest.calls import describe_calls
from sandbox.guest.control import Control
from sandbox.guest.conversation import Conversation
from sandbox.guest.jobs import ExaminerJob
from sandbox.guest.link import STDOUT, Link, Output
from sandbox.guest.programs import ProgramRun, Programs
from sandbox.guest.solution import CandidateGone, LoadFailed, Solution
from sandbox.guest.testing import pytest_api
from sandbox.guest.testing.collection import collect, compiled
from sandbox.guest.testing.outcomes import CollectionFailed
from sandbox.guest.testing.running import CollectedTest
from sandbox.guest.testing.verdict import TestVerdict
from sandbox.guest.timing import Bounds, ReferenceFailed, time_submission
from sandbox.guest.words import (
    BEFORE_ANY_TEST,
    ENDED,
    STARTED,
    CandidateWanted,
    Compiled,
    Done,
    Failed,
    Lost,
    NotLoaded,
    Planned,
    Record,
    Recorded,
    Role,
    Timed,
    Uncollectable,
    encodable,
)

_FLUSH_AFTER_S: Final = 0.1
_PLACES: Final = 5
_NOT_PASSED: Final = TestVerdict(passed=False, message="", expected="", actual="", output="")


class Examiner:
    """One exam, seen from inside.

    Args:
        first: Descriptors of the first candidate; none for a program.
    """

    def __init__(self, control: Control, job: ExaminerJob, first: list[int]) -> None:
        self._control = control
        self._job = job
        self._first = first
        self._link: Link | None = None
        self._deadline = 0.0
        self._output = Output(job.output_bytes, _show)
        self._records: list[Record] = []
        self._flushed_at = 0.0
        self._solution = Solution(job.entry_points, job.exported_classes, self._connect)

    def _link_to(self, role: Role, output: Output) -> Link:
        self._control.send(CandidateWanted(role))
        started, descriptors = self._control.receive(STARTED)
        return self._linked(descriptors, started.pid, output)

    def _linked(self, descriptors: list[int], pid: int, output: Output) -> Link:
        link = Link(descriptors, pid, self._job.frame_bytes, output)
        link.deadline = self._deadline
        return link

    def _connect(self) -> Conversation:
        if self._solution.collecting:
            raise RuntimeError("a test file may not call the submission while it is collected")
        if self._first:
            descriptors, self._first = self._first, []
            self._link = self._linked(descriptors, self._job.candidate_pid, self._output)
        else:
            self._link = self._link_to("submission", self._output)
        self._link.until_loaded()
        return Conversation(self._link, self._solution, self._job.value_depth)

    def run(self) -> None:
        """Collect, run every test, time the submission when asked, and report."""
        random.seed(self._job.seed)
        try:
            tests = self._collect()
            self._solution.collecting = False
            self._control.send(Planned([(test.name, test.hidden) for test in tests]))
            if self._job.program or self._load():
                self._run_all(tests)
        except (CollectionFailed, ReferenceFailed) as failed:
            self._control.send(Uncollectable(encodable(str(failed))))
            return
        self._control.send(Done())

    def _collect(self) -> list[CollectedTest]:
        modules: dict[str, ModuleType] = {
            "pytest": pytest_api,
            "solution": self._solution.module,
        }
        if self._job.program:
            programs = Programs(self._control, self._linked, self._output)
            modules["solution"] = _program_module(programs)
        tests: list[CollectedTest] = []
        for file, code in zip(self._job.files, self._codes(), strict=True):
            tests += collect(file.name, file.source, hidden=file.hidden, modules=modules, code=code)
        return tests

    def _codes(self) -> list[CodeType | None]:
        """Return the files' code, compiled now unless an earlier exam of these files did it."""
        if self._job.codes is not None:
            return [marshal.loads(one) for one in self._job.codes]  # noqa: S302 - see code_cache.py
        try:
            codes = [_compiled(file) for file in self._job.files]
        except (SyntaxError, ValueError):
            return [None] * len(self._job.files)  # told with its line when the file is collected
        self._control.send(Compiled([marshal.dumps(one) for one in codes]))
        return [*codes]

    def _load(self) -> bool:
        self._deadline = time.monotonic() + self._job.test_wall_s
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

    def _run_all(self, tests: list[CollectedTest]) -> None:
        self._flushed_at = time.monotonic()
        passed = [self._run_one(number, test) for number, test in enumerate(tests)]
        self._flush()
        if self._job.workload is not None and all(passed):
            self._time(self._job.workload)

    def _time(self, workload: Workload) -> None:
        self._deadline = time.monotonic() + self._job.exam_wall_s
        bounds = Bounds(
            wall_s=self._job.test_wall_s,
            output_bytes=self._job.output_bytes,
            frame_bytes=self._job.frame_bytes,
            value_depth=self._job.value_depth,
        )
        self._control.send(Timed(time_submission(self._link_to, workload, bounds)))

    def _run_one(self, number: int, test: CollectedTest) -> bool:
        started = time.monotonic()
        self._deadline = started + self._job.test_wall_s
        if self._link is not None:
            self._link.deadline = self._deadline
        self._solution.calls.clear()
        self._solution.out_of_memory = False
        gone: CandidateGone | None = None
        verdict = _NOT_PASSED
        try:
            verdict = test.run()
        except CandidateGone as lost:
            gone = lost
        except LoadFailed as failed:
            message = f"the submission did not load again: {failed.error.type}"
            verdict = _NOT_PASSED._replace(message=message)
        wall_s = time.monotonic() - started
        self._records.append(self._record(number, verdict, wall_s, hidden=test.hidden))
        if gone is not None:
            self._flush()
            self._lose(number, gone)
        elif time.monotonic() - self._flushed_at > _FLUSH_AFTER_S:
            self._flush()
        return verdict.passed

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
            self._control.send(Recorded(self._records))
            self._records = []
        self._flushed_at = time.monotonic()

    def _lose(self, number: int, gone: CandidateGone) -> None:
        self._control.send(Lost(number, gone.reason, gone.detail))
        self._control.receive(ENDED)
        self._solution.disconnect()
        if self._link is not None:
            self._link.close()
            self._link = None


def _show(stream: int, chunk: bytes) -> None:
    target = sys.stdout if stream == STDOUT else sys.stderr
    target.write(chunk.decode("utf-8", "replace"))


def _compiled(file: TestFile) -> CodeType:
    return compiled(file.name, file.source, hidden=file.hidden)


def _program_module(programs: Programs) -> ModuleType:
    module = ModuleType("solution")
    module.__dict__.update(run=programs.run, ProgramRun=ProgramRun)
    return module


def examine(control: Control, job: ExaminerJob, descriptors: list[int]) -> None:
    """Hold one exam; a fault of this program is told as such."""
    try:
        Examiner(control, job, descriptors).run()
    except Exception as fault:  # noqa: BLE001 - the guest's call boundary
        control.send(Failed(_where(fault)))


def _where(fault: Exception) -> str:
    """Say what failed and where, without its message: that may hold what a hidden test expects."""
    frames = [one for one, _ in traceback.walk_tb(fault.__traceback__)]
    places = [f"{one.f_code.co_filename.rpartition('/')[2]}:{one.f_lineno}" for one in frames]
    return f"{type(fault).__name__} at {' > '.join(places[-_PLACES:])}"
