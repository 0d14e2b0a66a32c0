"""The process backend: fork servers whose guests are confined by what this machine allows."""

import itertools
import os
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from ruff import find_ruff_bin

from sandbox import analysis
from sandbox.candidates import Candidates
from sandbox.exam import Analysis, Exam, ExamReport, Health
from sandbox.isolation.layers import Plan
from sandbox.lane import Lane
from sandbox.outcome import SandboxUnavailable
from sandbox.scratch_root import ScratchRoot, sweep
from sandbox.supervisor import Supervisor

_EXAMINERS: Final = 4
_CANDIDATES: Final = 5
"""Guests a fork server keeps, some at work and the next ones confined and waiting."""
_LANE_S: Final = 60.0
"""How long a grading may wait for a free fork server."""
_REVIVE_S: Final = 0.1
"""How long a look at the sandbox's health may wait for one to start."""

Answer = TypeVar("Answer")


class LayersMissing(Exception):
    """This machine lacks an isolation layer that was required."""


def check_layers(layers: tuple[str, ...], require: frozenset[str] | None) -> None:
    """Refuse a machine without the required layers.

    Args:
        require: Names of layers; None asks for seccomp and one of landlock and mount.

    Raises:
        LayersMissing: With what is missing and how to go on without it.
    """
    if require is None:
        absent = {"seccomp"} - set(layers)
        if not {"landlock", "mount"} & set(layers):
            absent.add("landlock or mount")
    else:
        absent = set(require) - set(layers)
    if absent:
        raise LayersMissing(
            f"isolation layers missing here: {', '.join(sorted(absent))}; in force: "
            f"{', '.join(layers)}. Set SANDBOX_REQUIRE to the layers you insist on, "
            "or to none if you know why that is safe."
        )


class ProcessSandbox:
    """Runs exams in forked, confined processes. Safe to call from several threads.

    Args:
        concurrency: How many exams may run at once; one fork server each.
        require: Layers to insist on, see `check_layers`.
        hash_seed: PYTHONHASHSEED of all guests.
        candidates: Where candidates come from; None for the fork servers themselves.

    Raises:
        LayersMissing: If a required layer is not to be had.
        SandboxUnavailable: If no fork server could be started.
    """

    def __init__(
        self,
        *,
        concurrency: int,
        require: frozenset[str] | None = None,
        hash_seed: int = 0,
        candidates: Candidates | None = None,
    ) -> None:
        self._candidates = candidates
        self._require = require
        self._hash_seed = hash_seed
        self._numbers = itertools.count()
        sweep()
        self._scratch = ScratchRoot()
        self._idle: queue.LifoQueue[Lane | int] = queue.LifoQueue()
        self._lanes: set[Lane] = set()
        self._starting = threading.Lock()
        self._closed = False
        try:
            for index in range(concurrency):
                self._idle.put(self._start(index))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _start(self, index: int) -> Lane:
        plan = Plan(
            name=f"{os.getpid()}-{self._scratch.token}-{index}-{next(self._numbers)}",
            index=index,
            slots=_EXAMINERS + _CANDIDATES,
            examiner_slots=_EXAMINERS,
            scratch_root=self._scratch.path,
            linter=str(Path(find_ruff_bin()).resolve()),
        )
        with self._starting:
            self._demand_open()
            lane = Lane(plan, hash_seed=self._hash_seed)
            self._lanes.add(lane)
        check_layers(lane.layers, self._require)
        return lane

    def _demand_open(self) -> None:
        if self._closed:
            raise SandboxUnavailable("the sandbox is closed")

    def _with_lane(self, work: Callable[[Lane], Answer], wait_s: float = _LANE_S) -> Answer:
        self._demand_open()
        try:
            idle = self._idle.get(timeout=wait_s)
        except queue.Empty:
            raise SandboxUnavailable("no fork server became free") from None
        give_back: Lane | int = idle
        try:
            lane = self._start(idle) if isinstance(idle, int) else idle
            give_back = lane
            return work(lane)
        except BaseException as fault:
            if isinstance(give_back, Lane):
                give_back = self._retire(give_back)
            if isinstance(fault, OSError):  # no descriptor, process or memory to be had
                raise SandboxUnavailable(f"the machine refuses: {fault}") from fault
            raise
        finally:
            self._idle.put(give_back)

    def _retire(self, lane: Lane) -> int:
        """Close a lane in an unknown state; its index makes the next one."""
        self._lanes.discard(lane)
        lane.close()
        return lane.index

    def run(self, exam: Exam) -> ExamReport:
        """Examine one submission.

        Raises:
            SandboxUnavailable: If our own machinery failed.
        """
        elsewhere = self._candidates
        return self._with_lane(lambda lane: Supervisor(exam, lane, elsewhere or lane).run())

    def analyse(self, source: str) -> Analysis:
        """Parse, measure and lint one source without running it.

        Raises:
            SandboxUnavailable: If our own machinery failed.
        """
        return self._with_lane(lambda lane: analysis.analyse(source, lane))

    def health(self) -> Health:
        """Say which isolation layers are in force; start a fork server where all were lost.

        Raises:
            SandboxUnavailable: If none runs and none can be started now.
        """
        if not self._lanes:
            self._revive()
        lanes = list(self._lanes)
        if not lanes:
            raise SandboxUnavailable("no fork server is running")
        return Health(backend="process", layers=lanes[0].layers, missing=lanes[0].missing)

    def _revive(self) -> None:
        """Have one fork server started: who is told that there is none may send no exam."""
        try:
            self._with_lane(lambda _: None, wait_s=_REVIVE_S)
        except SandboxUnavailable as fault:
            raise SandboxUnavailable("no fork server is running") from fault

    def close(self) -> None:
        """Kill and reap every guest; exams that run end with SandboxUnavailable."""
        with self._starting:
            if self._closed:
                return
            self._closed = True
        while self._lanes:
            self._lanes.pop().close()
        self._scratch.close()
