"""Jobs of one caller in chunks, so that they share what RQ costs for each of its jobs.

Theory of operation: the jobs are cut into chunks, and a bounded number of chunks is in the queue at
a time. A job may come back from its chunk without a grade: because the jobs before it took so long
that the worker did not begin it, because it failed, or because its chunk ended its workers. It is
then handed over by itself: slow jobs are spread over all workers, RQ's tries and its registry of
failed jobs are each job's own, and no job suffers from another.
"""

import asyncio
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
CHUNKS_PER_WORKER: Final = 2
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


class _Item(Struct):
    """One job of the batch. Its time runs from when it is handed over."""

    index: int
    job: GradeJob
    due_s: float | None = None


def cut(jobs: Sequence[GradeJob], *, workers: int) -> list[list[int]]:
    """Return the indices of the jobs in each chunk, in order.

    Chunks are as large as they may be while every worker has `CHUNKS_PER_WORKER`.
    """
    size = max(1, min(CHUNK_JOBS, ceil(len(jobs) / (CHUNKS_PER_WORKER * workers))))
    chunks: list[list[int]] = []
    room_bytes = 0
    for index, job in enumerate(jobs):
        size_bytes = len(encoded(job))
        if not chunks or len(chunks[-1]) == size or size_bytes > room_bytes:
            chunks.append([])
            room_bytes = CHUNK_BYTES
        chunks[-1].append(index)
        room_bytes -= size_bytes
    return chunks


class Batch:
    """The jobs of one call on their way.

    Args:
        jobs: What is asked, in order.
        workers: How many workers there are, at least 1.
        deadline_s: How long each job may take, waiting in the queue included, seconds.
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
        items = [_Item(index, job) for index, job in enumerate(jobs)]
        self._chunks = [[items[i] for i in chunk] for chunk in cut(jobs, workers=workers)]
        self._answers: list[BatchAnswer] = [_failed(job, "it was not handed over") for job in jobs]
        self._room = asyncio.Semaphore(CHUNKS_PER_WORKER * workers)
        self._deadline_s = deadline_s
        self._ask_one = ask_one
        self._ask_many = ask_many
        self._clock = clock
        self._is_stuck = False
        """Whether a whole chunk used its time up: what follows would only wait as long again."""

    async def run(self) -> tuple[BatchAnswer, ...]:
        """Hand everything over; return one answer for each job, in order."""
        async with asyncio.TaskGroup() as tasks:
            for chunk in self._chunks:
                tasks.create_task(
                    self._alone(chunk[0]) if len(chunk) == 1 else self._jointly(chunk)
                )
        return tuple(self._answers)

    async def _jointly(self, chunk: Sequence[_Item]) -> None:
        try:
            async with self._room:
                reports = await self._reports_of(chunk)
        except QueueFull as full:
            for item in chunk:
                self._answers[item.index] = _no_room(item.job, full)
            return
        left = []
        for item, report in zip(chunk, reports, strict=True):
            if report is None:
                item.due_s = None
                left.append(item)
            elif isinstance(report, GradingFailed):
                left.append(item)
            else:
                self._answers[item.index] = report
        async with asyncio.TaskGroup() as tasks:
            for item in left:
                tasks.create_task(self._alone(item))

    async def _reports_of(self, chunk: Sequence[_Item]) -> Reports:
        left_s = min(self._left_s(item) for item in chunk)
        if self._is_stuck:
            return [_failed(item.job, self._out_of_time()) for item in chunk]
        reports = await self._ask_many([item.job for item in chunk], deadline_s=left_s)
        out_of_time = all(self._left_s(item) <= 0 for item in chunk)
        if out_of_time and all(isinstance(report, GradingFailed) for report in reports):
            self._is_stuck = True
        return reports

    async def _alone(self, item: _Item) -> None:
        try:
            async with self._room:
                left_s = self._left_s(item)
                if left_s > 0 and not self._is_stuck:
                    answer: BatchAnswer = await self._ask_one(item.job, deadline_s=left_s)
                else:
                    answer = _failed(item.job, self._out_of_time())
        except QueueFull as full:
            answer = _no_room(item.job, full)
        self._answers[item.index] = answer

    def _out_of_time(self) -> str:
        return f"the grading was not finished after {self._deadline_s:g} s"

    def _left_s(self, item: _Item) -> float:
        now_s = self._clock()
        if item.due_s is None:
            item.due_s = now_s + self._deadline_s
        return item.due_s - now_s


def _failed(job: GradeJob, reason: str) -> GradingFailed:
    return GradingFailed(job_id=job.job_id, reason=reason)


def _no_room(job: GradeJob, full: QueueFull) -> NoRoom:
    return NoRoom(job_id=job.job_id, retry_after_s=full.retry_after_s)
