"""Hands gradings to RQ from async code, and has one reader for all answers of a gateway.

Theory of operation: `grade` writes the job and reads the queue's state in one round trip. Whichever
worker grades it pushes the answer to this gateway's list, where `_read` finds it. An answer may be
lost on the way, with Redis or with a connection, so `_look_after` asks for what is overdue: it
takes answers that RQ has kept and enqueues again what has vanished. Jobs are known by what they
ask, so a job that is enqueued or answered twice has one answer and one effect.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from math import ceil
from time import monotonic
from typing import Any, Final, cast

import msgspec
import structlog
from msgspec import Struct
from msgspec.structs import replace
from redis.asyncio import Redis

from worker.cancelling import end
from worker.messages import (
    Answer,
    BatchGraded,
    GradeJob,
    GradeReport,
    GradingFailed,
)
from worker.queue import RETRY_BOUNDS_S, BatchAnswer, QueueFull, QueueHealth
from worker.redis_faults import FAULTS
from worker.rq_batches import Batch, Reports
from worker.rq_health import UNREACHABLE, health
from worker.rq_jobs import RqJobs
from worker.rq_roster import roster
from worker.rq_wire import (
    QUEUE_NAME,
    Order,
    batch_order_of,
    decoded_reply,
    order_of,
    read_answer,
    reply_key,
)

BLOCK_S: Final = 2
"""How long the reader waits for an answer at a time, seconds; less than a command may take."""
REPLIES_AT_ONCE: Final = 100
PAUSE_S: Final = 0.2
"""How long to wait before Redis is tried again, seconds."""
PATIENCE_S: Final = 2.0
"""How long a job is tried to be enqueued while Redis is away, seconds."""
LOOK_EVERY_S: Final = 1.0
OVERDUE_S: Final = 5.0
"""How old a job is when it is asked after, seconds."""
FULL_FOR_S: Final = 0.1
"""How long a full queue is taken to be full without looking, seconds."""
log = structlog.get_logger(__name__)


class _Waiting(Struct, kw_only=True):
    """A job or a batch on its way, for everybody here who waits for its answer."""

    order: Order
    answer: asyncio.Future[Answer]
    since_s: float
    ttl_s: int
    callers: int = 0


class RqGradeQueue:
    """Grades by way of RQ workers; belongs to one event loop. See `GradeQueue`.

    Args:
        redis_client: A client that repeats no command by itself; closed by whoever made it.
        gateway_id: Of this gateway and its present life.
        waiting_limit: How many jobs may wait for a worker, in the whole cluster.
        age_limit_s: How long the oldest of them may have waited before no more are taken, seconds.
        drain_s: How long `close` waits for answers, seconds.
        queue_name: RQ's name of the queue.
    """

    def __init__(
        self,
        redis_client: Redis,
        *,
        gateway_id: str,
        waiting_limit: int,
        age_limit_s: float,
        drain_s: float,
        queue_name: str = QUEUE_NAME,
    ) -> None:
        self._redis = redis_client
        self._replies = reply_key(gateway_id)
        self._waiting_limit = waiting_limit
        self._age_limit_s = age_limit_s
        self._drain_s = drain_s
        self._jobs = RqJobs(redis_client, queue_name=queue_name, reply_to=self._replies)
        self._waiting: dict[str, _Waiting] = {}
        self._full_until_s = 0.0
        self._full_retry_s = 0.0
        self._look_now = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._closed = False

    async def start(self) -> None:
        """Begin to read answers."""
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._look_after())]

    async def grade(self, job: GradeJob, *, deadline_s: float) -> GradeReport:
        """Grade one job; answers GradingFailed when `deadline_s` passes, waiting included.

        Raises:
            QueueFull: If too many jobs wait, or the oldest has waited too long.
        """
        answer = await self._asked(order_of(job), deadline_s=deadline_s)
        if isinstance(answer, BatchGraded):
            return _failed(job.job_id, "it was answered as a batch")
        if isinstance(answer, GradingFailed):
            return _failed(job.job_id, answer.reason)
        return answer

    async def grade_many(
        self, jobs: Sequence[GradeJob], *, deadline_s: float
    ) -> tuple[BatchAnswer, ...]:
        """Grade jobs in chunks, so that they share what RQ costs; one answer each, in order."""
        try:
            workers = (await roster(self._redis, self._jobs.queue_name)).workers
        except FAULTS as fault:
            log.warning("redis_away", operation="roster", fault=str(fault))
            workers = 0
        batch = Batch(
            jobs,
            workers=max(1, workers),
            deadline_s=deadline_s,
            ask_one=self.grade,
            ask_many=self._grade_chunk,
        )
        return await batch.run()

    async def _grade_chunk(self, jobs: Sequence[GradeJob], *, deadline_s: float) -> Reports:
        answer = await self._asked(batch_order_of(jobs), deadline_s=deadline_s)
        if isinstance(answer, BatchGraded):
            return answer.reports
        reason = answer.reason if isinstance(answer, GradingFailed) else "it was answered as a job"
        return [_failed(job.job_id, reason) for job in jobs]

    async def _asked(self, order: Order, *, deadline_s: float) -> Answer:
        """Return what the workers answer, GradingFailed when the deadline passes.

        Raises:
            QueueFull: If too many jobs wait, or the oldest has waited too long.
        """
        if self._closed:
            return _failed(order.rq_id, "the grading queue is closed")
        asked_s = monotonic()
        waiting = self._waiting.get(order.rq_id)
        is_first = waiting is None
        if waiting is None:
            waiting = self._expect(order, deadline_s)
        waiting.callers += 1
        try:
            if is_first:
                await self._hand_over(waiting)
            left_s = max(0.0, deadline_s - (monotonic() - asked_s))
            # A timeout around commands could get lost: redis-py catches timeouts of its own.
            done, _ = await asyncio.wait({waiting.answer}, timeout=left_s)
            if not done:
                return _failed(order.rq_id, f"the grading was not finished after {deadline_s:g} s")
            return waiting.answer.result()
        except QueueFull:
            self._answer(order.rq_id, _failed(order.rq_id, "the grading queue is full"))
            raise
        except FAULTS as fault:
            log.warning("redis_away", operation="enqueue", fault=str(fault))
            failure = _failed(order.rq_id, UNREACHABLE)
            self._answer(order.rq_id, failure)
            return failure
        finally:
            waiting.callers -= 1
            if not waiting.callers:
                del self._waiting[order.rq_id]

    async def health(self) -> QueueHealth:
        """Say whether gradings can be taken, and with which isolation layers."""
        found = await health(
            self._redis,
            self._jobs,
            waiting_limit=self._waiting_limit,
            age_limit_s=self._age_limit_s,
        )
        if self._closed:
            return replace(found, reasons=(*found.reasons, "the grading queue is closed"))
        return found

    async def close(self) -> None:
        """Take no more jobs, wait `drain_s` for answers on their way, fail what is left."""
        self._closed = True
        answers = [waiting.answer for waiting in self._waiting.values()]
        if answers:
            await asyncio.wait(answers, timeout=self._drain_s)
        for waiting in self._waiting.values():
            if not waiting.answer.done():
                reason = "the grading queue was closed before the grading ended"
                waiting.answer.set_result(_failed(waiting.order.rq_id, reason))
        for task in self._tasks:
            await end(task)
        with suppress(*FAULTS):
            await self._redis.delete(self._replies)

    def _expect(self, order: Order, deadline_s: float) -> _Waiting:
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        ttl_s = max(1, ceil(deadline_s))
        waiting = _Waiting(order=order, answer=answer, since_s=monotonic(), ttl_s=ttl_s)
        self._waiting[order.rq_id] = waiting
        return waiting

    async def _hand_over(self, waiting: _Waiting) -> None:
        """Enqueue a job; while Redis is away, for `PATIENCE_S`."""
        if monotonic() < self._full_until_s:
            raise QueueFull(self._full_retry_s)
        while True:
            try:
                added = await self._jobs.add(waiting.order, ttl_s=waiting.ttl_s)
                break
            except FAULTS:
                if monotonic() - waiting.since_s > PATIENCE_S:
                    raise
            await asyncio.sleep(PAUSE_S)
        rq_id = waiting.order.rq_id
        is_stuck = added.depth > 1 and added.oldest_s > self._age_limit_s
        if added.kept is not None:
            self._answer(rq_id, read_answer(rq_id, added.kept))
        elif added.depth > self._waiting_limit or is_stuck:
            await self._take_back(rq_id, added.oldest_s)

    async def _take_back(self, rq_id: str, oldest_s: float) -> None:
        """Refuse a job that found the queue full, unless a worker has it already."""
        if await self._jobs.take_back(rq_id):
            shortest_s, longest_s = RETRY_BOUNDS_S
            self._full_retry_s = min(longest_s, max(shortest_s, oldest_s))
            self._full_until_s = monotonic() + FULL_FOR_S
            raise QueueFull(self._full_retry_s)

    async def _read(self) -> None:
        while True:
            try:
                popped = await cast("Any", self._redis.blpop([self._replies], BLOCK_S))
                if popped is not None:
                    more = await cast("Any", self._redis.lpop(self._replies, REPLIES_AT_ONCE))
                    self._deliver([popped[1], *(more or ())])
            except FAULTS:
                self._look_now.set()
                await asyncio.sleep(PAUSE_S)

    def _deliver(self, replies: Sequence[bytes]) -> None:
        for text in replies:
            try:
                reply = decoded_reply(text)
            except msgspec.DecodeError as fault:
                log.error("reply_unreadable", fault=str(fault))  # noqa: TRY400 - no traceback needed
            else:
                self._answer(reply.rq_id, read_answer(reply.rq_id, bytes(reply.report)))

    def _answer(self, rq_id: str, answer: Answer) -> None:
        waiting = self._waiting.get(rq_id)
        if waiting is not None and not waiting.answer.done():
            waiting.answer.set_result(answer)

    async def _look_after(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look_now.wait(), LOOK_EVERY_S)
            everything = self._look_now.is_set()
            self._look_now.clear()
            overdue_s = monotonic() - (0.0 if everything else OVERDUE_S)
            overdue = [r for r, waiting in self._waiting.items() if waiting.since_s < overdue_s]
            try:
                await self._ask_after(overdue)
            except FAULTS:
                await asyncio.sleep(PAUSE_S)
                self._look_now.set()

    async def _ask_after(self, rq_ids: Sequence[str]) -> None:
        """Take the answers that are there, and enqueue what has vanished."""
        for fate in await self._jobs.fates(rq_ids):
            waiting = self._waiting.get(fate.rq_id)
            if waiting is None or waiting.answer.done():
                continue
            if fate.kept is not None:
                self._answer(fate.rq_id, read_answer(fate.rq_id, fate.kept))
            elif fate.has_vanished:
                await self._jobs.add(waiting.order, ttl_s=waiting.ttl_s)
            elif fate.has_failed:
                self._answer(fate.rq_id, _failed(waiting.order.rq_id, "it failed again and again"))


def _failed(job_id: str, reason: str) -> GradingFailed:
    return GradingFailed(job_id=job_id, reason=reason)
