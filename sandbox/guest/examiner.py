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
from typing import Any, Final

from sandbox.guest.calls import describe_calls
from sandbox.guest.control import Control
from sandbox.guest.conversation import Conversation
from sandbox.guest.link import STDOUT, Link, Output
from sandbox.guest.programs import ProgramRun, Programs
from sandbox.guest.solution import CandidateGone, Solution
from sandbox.guest.testing import pytest_api
from sandbox.guest.testing.collection import CollectedTest, CollectionFailed, collect, compiled
from sandbox.guest.timing import ReferenceFailed, time_submission

_FLUSH_AFTER_S: Final = 0.1


class LoadFailed(BaseException):
    """The submission could not be imported."""

    passes_through_tests = True

    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__(facts)
        self.facts = facts


class Examiner:
    """One exam, seen from inside."""

    def __init__(self, control: Control, job: dict[str, Any], first: list[int]) -> None:
        self._control = control
        self._job = job
        self._first = (first, job["candidate_pid"])
        self._link: Link | None = None
        self._deadline = 0.0
        self._output = Output(job["output_bytes"], self._show)
        self._records: list[dict[str, Any]] = []
        self._flushed_at = 0.0
        self.solution = Solution(job["entry_points"], job["exported_classes"], self._connect)

    def _show(self, stream: int, chunk: bytes) -> None:
        target = sys.stdout if stream == STDOUT else sys.stderr
        target.write(chunk.decode("utf-8", "replace"))

    def link_to(self, role: str, output: Output) -> Link:
        """Ask the supervisor for a candidate in `role` and return the wire to it."""
        self._control.send(["candidate", role])
        (_, pid), descriptors = self._control.receive()
        return self._linked(descriptors, pid, output)

    def _linked(self, descriptors: list[int], pid: int, output: Output) -> Link:
        link = Link(descriptors, pid, self._job["frame_bytes"], output)
        link.deadline = self._deadline
        return link

    def converse(self, link: Link) -> Conversation:
        """Wait until the candidate has loaded, then return the conversation with it.

        Raises:
            LoadFailed: If the submission could not be imported.
            CandidateGone: If it was lost meanwhile.
        """
        word = link.first_word()
        if word[0] == "load_error":
            raise LoadFailed(word[1])
        return Conversation(link, self.solution, self._job["value_depth"])

    def _connect(self) -> Conversation:
        if self.solution.collecting:
            raise RuntimeError("a test file may not call the submission while it is collected")
        if self._first[0]:
            (descriptors, pid), self._first = self._first, ([], 0)
            self._link = self._linked(descriptors, pid, self._output)
        else:
            self._link = self.link_to("submission", self._output)
        return self.converse(self._link)

    def _collect(self) -> list[CollectedTest]:
        modules: dict[str, ModuleType] = {
            "pytest": pytest_api,
            "solution": self.solution.module,
        }
        if self._job["program"]:
            programs = Programs(self._control, self._linked, self._output)
            modules["solution"] = _program_module(programs)
        tests: list[CollectedTest] = []
        for (name, source, hidden), code in zip(self._job["files"], self._codes(), strict=True):
            tests += collect(name, source, hidden=hidden, modules=modules, code=code)
        return tests

    def _codes(self) -> list[CodeType | None]:
        """Return the files' code, compiled now unless an earlier exam of these files did it."""
        files, packed = self._job["files"], self._job["codes"]
        if packed is not None:
            return [marshal.loads(one) for one in packed]
        try:
            codes = [compiled(name, source, hidden=hidden) for name, source, hidden in files]
        except (SyntaxError, ValueError):
            return [None] * len(files)  # told with its line when the file is collected
        self._control.send(["codes", [marshal.dumps(one) for one in codes]])
        return [*codes]

    def run(self) -> None:
        """Collect, run every test, time the submission when asked, and report."""
        random.seed(self._job["seed"])
        try:
            tests = self._collect()
        except CollectionFailed as failed:
            self._control.send(["collection_failed", str(failed)])
            return
        self.solution.collecting = False
        self._control.send(["plan", [[test.name, test.hidden] for test in tests]])
        if not self._job["program"] and not self._load():
            self._control.send(["done"])
            return
        self._flushed_at = time.monotonic()
        passed = [self._run_one(number, test) for number, test in enumerate(tests)]
        self._flush()
        if self._job["workload"] is not None and all(passed):
            self._deadline = time.monotonic() + self._job["exam_wall_s"]
            self._time()
        self._control.send(["done"])

    def _test_modules(self) -> list[ModuleType]:
        names = {name for name, _, _ in self._job["files"]}
        return [one for one in sys.modules.values() if getattr(one, "__file__", "") in names]

    def _time(self) -> None:
        try:
            self._control.send(["timing", time_submission(self, self._job)])
        except ReferenceFailed as failed:
            self._control.send(["collection_failed", str(failed)])

    def _load(self) -> bool:
        self._deadline = time.monotonic() + self._job["test_wall_s"]
        try:
            self.solution.connect()
            if self.solution.placeholders:
                self.solution.resolve_placeholders(self._test_modules())
        except LoadFailed as failed:
            self._control.send(["load_error", failed.facts])
            return False
        except CandidateGone as gone:
            self._lose(-1, gone)
            return False
        return True

    def _run_one(self, number: int, test: CollectedTest) -> bool:
        started = time.monotonic()
        self._deadline = started + self._job["test_wall_s"]
        if self._link is not None:
            self._link.deadline = self._deadline
        self.solution.calls.clear()
        self.solution.out_of_memory = False
        gone: CandidateGone | None = None
        record: dict[str, Any] = {"number": number, "passed": False}
        try:
            verdict = test.run()
        except CandidateGone as lost:
            gone = lost
        except LoadFailed as failed:
            record["message"] = f"the submission did not load again: {failed.facts.get('type')}"
        else:
            record["passed"] = verdict.passed
            record.update(verdict._asdict() if not test.hidden else {})
        record["wall_s"] = time.monotonic() - started
        record["out_of_memory"] = self.solution.out_of_memory
        if not test.hidden and not record["passed"]:
            record["call"] = describe_calls(self.solution)
        self._records.append(record)
        if gone is not None:
            self._flush()
            self._lose(number, gone)
        elif time.monotonic() - self._flushed_at > _FLUSH_AFTER_S:
            self._flush()
        return bool(record["passed"])

    def _flush(self) -> None:
        if self._records:
            self._control.send(["records", self._records])
            self._records = []
        self._flushed_at = time.monotonic()

    def _lose(self, number: int, gone: CandidateGone) -> None:
        self._control.send(["lost", number, gone.reason, gone.detail])
        self._control.receive()
        self.solution.disconnect()
        if self._link is not None:
            self._link.close()
            self._link = None


def _program_module(programs: Programs) -> ModuleType:
    module = ModuleType("solution")
    module.__dict__.update(run=programs.run, ProgramRun=ProgramRun)
    return module


def examine(control: Control, job: dict[str, Any], descriptors: list[int]) -> None:
    """Hold one exam; a fault of this program is told as such."""
    try:
        Examiner(control, job, descriptors).run()
    except Exception:  # the guest's call boundary: a bug here must not look like a verdict
        control.send(["fault", traceback.format_exc()[-2000:]])
