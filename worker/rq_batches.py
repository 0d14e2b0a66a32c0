"""Jobs of one caller in chunks, so that they share what RQ costs for each of its jobs.

Theory of operation: a number of lanes take chunks from what is still to be done, each one chunk at
a time, and wait for its answers. A worker does not begin the later jobs of a chunk when the earlier
ones took long; those go back to what is to be done. A job that failed as part of a chunk, or whose
chunk ended its workers, is handed over once more by itself: there RQ's tries and its registry of
failed jobs are its own, and its siblings have their grades.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from math import ceil
from time import monotonic
from typing import Final, Protocol, TypeAlias

from msgspec import Struct

from worker.messages import GradeJob, GradeReport, GradingFailed, encoded
from worker.queue import BatchAnswer, NoRoom, QueueFull

CHUNK_JOBS: Final = 8
"""How many jobs a chunk has at most."""
CHUNK_BYTES: Final = 1024 * 1024
"""How large a chunk is at most, bytes as JSON, unless a single job is larger."""
LANES_PER_WORKER: Final = 2
"""Chunks of a batch in the queue at once: one in hand at each worker and one that waits for it."""

Reports: TypeAlias = Sequence[GradeReport | None]


class AskOne(Protocol):
    """Grades one job, as `GradeQueue.grade` does."""

    def __call__(self, job: GradeJob, /, *, deadline_s: float) -> Awaitable[GradeReport]:
        """Hand the job over."""
        ...


class AskMany(Protocol):
    """Grades the jobs of a chunk; a report for each, None for one that was not begun."""

    def __call__(self, jobs: Sequence[GradeJob], /, *, deadline_s: float) -> Awaitable[Reports]:
        """Hand the jobs over."""
        ...


def chunk_size(job_count: int, workers: int) -> int:
    """Return how many jobs go in a chunk, so that every lane has one and none is too large."""
    return max(1, min(CHUNK_JOBS, ceil(job_count / (LANES_PER_WORKER * workers))))


class _Item(Struct):
    """One job of the batch. Its time runs from when it is handed over first."""

    index: int
    job: GradeJob
    size_bytes: int
    due_s: float | None = None


class Batch:
    """The jobs of one call on their way.

    Args:
        jobs: What is asked, in order.
        workers: How many workers there are, at least 1.
        deadline_s: How long each job may take, waiting included, seconds.
        ask_one: Hands one job over.
        ask_many: Hands a chunk over.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        jobs: Sequence[GradeJob],
        *,
        workers: int,
        deadline_s: float,
        ask_one: AskOne,
        ask_many: AskMany,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._todo = deque(_Item(i, job, len(encoded(job))) for i, job in enumerate(jobs))
        self._answers: list[BatchAnswer] = [_failed(job, "it was not handed over") for job in jobs]
        self._chunk_size = chunk_size(len(jobs), workers)
        self._lanes = LANES_PER_WORKER * workers
        self._deadline_s = deadline_s
        self._ask_one = ask_one
        self._ask_many = ask_many
        self._clock = clock

    async def run(self) -> tuple[BatchAnswer, ...]:
        """Hand everything over; return one answer for each job, in order."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(min(self._lanes, len(self._todo))):
                tasks.create_task(self._lane())
        return tuple(self._answers)

    async def _lane(self) -> None:
        while self._todo:
            chunk = self._next_chunk()
            if len(chunk) == 1:
                await self._alone(chunk[0])
            else:
                await self._together(chunk)

    def _next_chunk(self) -> list[_Item]:
        chunk = [self._todo.popleft()]
        room_bytes = CHUNK_BYTES - chunk[0].size_bytes
        while self._todo and len(chunk) < self._chunk_size:
            room_bytes -= self._todo[0].size_bytes
            if room_bytes < 0:
                break
            chunk.append(self._todo.popleft())
        return chunk

    async def _together(self, chunk: Sequence[_Item]) -> None:
        left_s = min(self._left_s(item) for item in chunk)
        try:
            reports = await self._ask_many([item.job for item in chunk], deadline_s=left_s)
        except QueueFull as full:
            for item in chunk:
                self._answers[item.index] = _no_room(item.job, full)
            return
        failed = []
        for item, report in zip(chunk, reports, strict=True):
            match report:
                case None:
                    self._todo.appendleft(item)
                case GradingFailed():
                    failed.append(item)
                case _:
                    self._answers[item.index] = report
        await asyncio.gather(*(self._alone(item) for item in failed))

    async def _alone(self, item: _Item) -> None:
        left_s = self._left_s(item)
        if left_s <= 0:
            reason = f"the grading was not finished after {self._deadline_s:g} s"
            self._answers[item.index] = _failed(item.job, reason)
            return
        try:
            self._answers[item.index] = await self._ask_one(item.job, deadline_s=left_s)
        except QueueFull as full:
            self._answers[item.index] = _no_room(item.job, full)

    def _left_s(self, item: _Item) -> float:
        now_s = self._clock()
        if item.due_s is None:
            item.due_s = now_s + self._deadline_s
        return item.due_s - now_s


def _failed(job: GradeJob, reason: str) -> GradingFailed:
    return GradingFailed(job_id=job.job_id, reason=reason)


def _no_room(job: GradeJob, full: QueueFull) -> NoRoom:
    return NoRoom(job_id=job.job_id, retry_after_s=full.retry_after_s)
