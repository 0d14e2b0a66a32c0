"""Who counts as a worker: whoever lives and has a sandbox that works."""

import msgspec
import pytest
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from sandbox.exam import Health
from tests.redis_server import RedisServer
from worker.rq_beat import Beat
from worker.rq_roster import Roster, roster
from worker.rq_wire import QUEUE_NAME
from worker.rq_worker import LeanWorker

HEALTH = Health(backend="docker", layers=("container", "seccomp"), missing={})


async def told(server: RedisServer) -> Roster:
    async with AsyncRedis.from_url(server.url) as redis:
        return await roster(redis, QUEUE_NAME)


async def test_a_worker_whose_engine_went_away_does_not_count_until_it_is_back(
    redis_server: RedisServer,
) -> None:
    with Redis.from_url(redis_server.url, socket_timeout=30) as redis:
        worker = LeanWorker(QUEUE_NAME, connection=redis, serializer="json")
        health = msgspec.json.encode(HEALTH)
        worker.sandbox_health = lambda: health
        worker.register_birth()  # type: ignore[no-untyped-call]
        beat = Beat(worker, redis_server.url)
        beat._give_sign()
        with_engine = await told(redis_server)

        health = b""
        beat._give_sign()
        without = await told(redis_server)

        health = msgspec.json.encode(HEALTH)
        beat._give_sign()
        back = await told(redis_server)
        worker.register_death()
        beat._redis.close()

    assert with_engine == back == Roster(workers=1, layers=("container", "seccomp"))
    assert without == Roster(workers=0, without_sandbox=1)


async def test_a_job_that_can_not_be_looked_after_ends_no_workers_signs_of_life(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Redis.from_url(redis_server.url, socket_timeout=30) as redis:
        worker = LeanWorker(QUEUE_NAME, connection=redis, serializer="json")
        worker.sandbox_health = lambda: msgspec.json.encode(HEALTH)
        worker.register_birth()  # type: ignore[no-untyped-call]
        beat = Beat(worker, redis_server.url)
        monkeypatch.setattr(beat._registry, "cleanup", lambda **_: int("no job of ours"))
        redis.delete(worker.key)

        beat._beat()
        beat._redis.close()
        listed = await told(redis_server)
        worker.register_death()

    assert listed.workers == 1
