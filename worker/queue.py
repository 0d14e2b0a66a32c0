"""How gradings are handed over: the protocol and its in-process implementation."""

from typing import Protocol

from msgspec import Struct

from worker.messages import GradeJob, GradeReport


class QueueFull(Exception):
    """The bounded queue has no room; the caller should come back after `retry_after_s`."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"the grading queue is full; retry in {retry_after_s:g} s")
        self.retry_after_s = retry_after_s


class QueueHealth(Struct, frozen=True, kw_only=True):
    """What the queue can say of itself. `reasons` is empty when gradings can be taken."""

    waiting: int
    running: int
    workers: int
    layers: tuple[str, ...]
    missing_layers: dict[str, str]
    reasons: tuple[str, ...]


class GradeQueue(Protocol):
    """Takes jobs from async code. Reports of faults are values (GradingFailed)."""

    async def grade(self, job: GradeJob, *, deadline_s: float) -> GradeReport:
        """Grade one job; answers GradingFailed when `deadline_s` passes.

        Raises:
            QueueFull: If the bounded queue has no room.
        """
        ...

    async def health(self) -> QueueHealth:
        """Say whether gradings can be taken, and with which isolation layers."""
        ...

    async def close(self) -> None:
        """Stop taking jobs, finish what runs, release everything."""
        ...
