"""The jobs of one queue of RQ, written and looked at from async code."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast

import redis
from msgspec import Struct
from redis.asyncio import Redis
from redis.client import Pipeline
from rq import Queue, Retry
from rq.job import Job, JobStatus
from rq.utils import utcparse

from worker.rq_wire import (
    FAILURE_TTL_S,
    JOB_TIMEOUT_S,
    RESULT_TTL_S,
    Order,
    kept_report,
    result_key,
)

_OLDEST: Final = """
local id = redis.call('LINDEX', KEYS[1], 0)
while id and redis.call('EXISTS', ARGV[1] .. id) == 0 do
  redis.call('LPOP', KEYS[1])
  id = redis.call('LINDEX', KEYS[1], 0)
end
return id and redis.call('HGET', ARGV[1] .. id, 'enqueued_at')
"""
"""When the oldest job was enqueued. Drops ids of jobs nobody needs any more: theirs are no ages."""


class Added(Struct, frozen=True, kw_only=True):
    """What was found when a job was enqueued."""

    kept: bytes | None
    """The answer it has got already."""
    depth: int
    """How many jobs wait, this one included."""
    oldest_s: float
    """How long the oldest of them has waited, seconds."""


class Backlog(Struct, frozen=True, kw_only=True):
    """What waits, how long the oldest of it has, seconds, and what RQ keeps as failed."""

    depth: int = 0
    oldest_s: float = 0.0
    failed: int = 0


class Fate(Struct, frozen=True, kw_only=True):
    """What has become of a job."""

    rq_id: str
    kept: bytes | None
    has_vanished: bool
    has_failed: bool


class RqJobs:
    """Every method takes one round trip and is free to be repeated.

    Args:
        client: A client that repeats no command by itself.
        queue_name: RQ's name of the queue.
        reply_to: The list to which answers are pushed.
    """

    def __init__(self, client: Redis, *, queue_name: str, reply_to: str) -> None:
        self._redis = client
        self.queue_name = queue_name
        self._reply_to = reply_to
        # RQ wants a client of its own kind; with a pipeline of ours it sends nothing by it.
        self._queue = Queue(queue_name, connection=redis.Redis(), serializer="json")

    async def add(self, order: Order, *, ttl_s: int) -> Added:
        """Enqueue what nobody needs any more after `ttl_s` seconds."""
        if not self._queue.redis_server_version:
            server: dict[str, Any] = await self._redis.info("server")
            version = str(server["redis_version"]).split(".")
            self._queue.redis_server_version = (int(version[0]), int(version[1]), int(version[2]))
        pipeline = self._redis.pipeline(transaction=True)
        self._queue.enqueue_call(
            order.function,
            args=(order.text, self._reply_to),
            job_id=order.rq_id,
            timeout=JOB_TIMEOUT_S,
            ttl=ttl_s,
            result_ttl=RESULT_TTL_S,
            failure_ttl=FAILURE_TTL_S,
            description=order.rq_id,
            retry=Retry(max=order.tries - 1, enqueue_at_front=True),
            pipeline=cast("Pipeline", pipeline),
        )
        pipeline.zrem(self._queue.failed_job_registry.key, order.rq_id)
        pipeline.xrevrange(result_key(order.rq_id), count=1)
        pipeline.eval(_OLDEST, 1, self._queue.key, Job.key_for(""))
        pipeline.llen(self._queue.key)
        *_, latest, oldest, depth = await pipeline.execute()
        return Added(
            kept=kept_report(latest),
            depth=int(depth),
            oldest_s=_age_s(oldest),
        )

    async def take_back(self, rq_id: str) -> bool:
        """Remove a job that was added last; say whether no worker was faster."""
        removed = await cast("Any", self._redis.lrem(self._queue.key, -1, rq_id))
        if removed:
            await self._redis.delete(Job.key_for(rq_id))
        return bool(removed)

    async def fates(self, rq_ids: Sequence[str]) -> list[Fate]:
        """Look what has become of jobs."""
        pipeline = self._redis.pipeline(transaction=False)
        for rq_id in rq_ids:
            pipeline.xrevrange(result_key(rq_id), count=1)
            pipeline.hget(Job.key_for(rq_id), "status")
        answers = await pipeline.execute() if rq_ids else []
        return [
            Fate(
                rq_id=rq_id,
                kept=kept_report(latest),
                has_vanished=status is None,
                has_failed=status == JobStatus.FAILED.value.encode(),
            )
            for rq_id, latest, status in zip(rq_ids, answers[::2], answers[1::2], strict=True)
        ]

    async def backlog(self) -> Backlog:
        """Say what waits and what has failed."""
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.eval(_OLDEST, 1, self._queue.key, Job.key_for(""))
        pipeline.llen(self._queue.key)
        pipeline.zcard(self._queue.failed_job_registry.key)
        oldest, depth, failed = await pipeline.execute()
        return Backlog(depth=int(depth), oldest_s=_age_s(oldest), failed=int(failed))


def _age_s(enqueued_at: bytes | None) -> float:
    """Return how long ago that was, seconds; never less than 0 though clocks differ."""
    if not enqueued_at:
        return 0.0
    return max(0.0, (datetime.now(UTC) - utcparse(enqueued_at.decode())).total_seconds())
