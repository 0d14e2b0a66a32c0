"""A gateway of a cluster: sessions in Redis, gradings by RQ workers, no sandbox of its own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from uuid import uuid4

import structlog
from litestar import Litestar

from gateway.app import create_app
from gateway.redis_client import async_client
from gateway.redis_store import RedisEpisodeStore
from gateway.settings import Settings
from tasks.task import Task
from worker.rq_queue import RqGradeQueue

log = structlog.get_logger(__name__)


def assemble_gateway(settings: Settings, *, tasks: Mapping[str, Task], drain_s: float) -> Litestar:
    """Build the application; Redis and workers may come and go while it runs.

    Args:
        settings: With a `redis_url`.
        tasks: The catalogue; the workers need the same.
        drain_s: How long gradings in flight may take at shutdown, seconds.
    """
    gateway_id = str(uuid4())
    redis = async_client(settings.redis_url)
    store = RedisEpisodeStore(
        redis,
        gateway_id=gateway_id,
        limit=settings.max_concurrent_envs,
        idle_s=settings.session_idle_s,
        new_token=lambda: str(uuid4()),
    )
    queue = RqGradeQueue(
        redis,
        gateway_id=gateway_id,
        waiting_limit=settings.queue_limit,
        age_limit_s=settings.queue_age_limit_s,
        drain_s=drain_s,
    )

    @asynccontextmanager
    async def connected(_: Litestar) -> AsyncIterator[None]:
        await store.start()
        await queue.start()
        log.info("gateway_started", tasks=len(tasks), gateway_id=gateway_id)
        try:
            yield
        finally:
            await queue.close()
            await store.close()
            await redis.aclose()
            log.info("gateway_stopped", gateway_id=gateway_id)

    return create_app(
        settings=settings, store=store, queue=queue, catalogue=tasks, lifespan=[connected]
    )
