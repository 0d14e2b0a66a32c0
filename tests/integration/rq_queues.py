"""A gateway's end of the queue over RQ."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.redis_client import async_client
from worker.messages import GradeJob
from worker.rq_queue import RqGradeQueue

DEADLINE_S = 30.0


@asynccontextmanager
async def queue_at(
    url: str,
    *,
    gateway_id: str = "g",
    waiting_limit: int = 100,
    age_limit_s: float = 60.0,
    drain_s: float = 0.1,
) -> AsyncIterator[RqGradeQueue]:
    async with async_client(url) as client:
        queue = RqGradeQueue(
            client,
            gateway_id=gateway_id,
            waiting_limit=waiting_limit,
            age_limit_s=age_limit_s,
            drain_s=drain_s,
        )
        await queue.start()
        try:
            yield queue
        finally:
            await queue.close()


async def started(queue: RqGradeQueue, job: GradeJob) -> "asyncio.Task[object]":
    task: asyncio.Task[object] = asyncio.create_task(queue.grade(job, deadline_s=DEADLINE_S))
    await asyncio.sleep(0)
    return task
