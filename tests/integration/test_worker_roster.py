"""Who counts as a worker: whoever lives and has a sandbox that works."""

import msgspec
import pytest
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from rq import Worker
from rq.worker_registration import REDIS_WORKER_KEYS, WORKERS_BY_QUEUE_KEY

from sandbox.exam import Health
from tests.integration.cluster import alive_workers, crew, wait_until
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


def test_a_worker_whose_record_expired_is_listed_again_though_a_job_began_it_anew(
    redis_server: RedisServer,
) -> None:
    with Redis.from_url(redis_server.url) as redis, crew(redis_server.url, 1):
        (worker,) = alive_workers(redis)
        beaten = redis.hget(worker.key, "last_heartbeat")
        with redis.pipeline() as pipeline:
            pipeline.delete(worker.key)
            pipeline.srem(Worker.redis_workers_keys, worker.key)
            pipeline.srem(WORKERS_BY_QUEUE_KEY % QUEUE_NAME, worker.key)
            pipeline.hset(worker.key, "last_heartbeat", beaten)
            pipeline.execute()

        wait_until(lambda: [w.pid for w in alive_workers(redis)] == [worker.pid])
        wait_until(lambda: redis.scard(WORKERS_BY_QUEUE_KEY % QUEUE_NAME) == 1)


@pytest.mark.parametrize(
    "lists",
    [
        pytest.param((REDIS_WORKER_KEYS,), id="as rq does that found it expired"),
        pytest.param((REDIS_WORKER_KEYS, WORKERS_BY_QUEUE_KEY % QUEUE_NAME), id="as a sweep does"),
    ],
)
def test_a_living_worker_that_was_struck_from_a_list_is_listed_again(
    redis_server: RedisServer, lists: tuple[str, ...]
) -> None:
    with Redis.from_url(redis_server.url) as redis, crew(redis_server.url, 1):
        (worker,) = alive_workers(redis)
        for name in lists:
            redis.srem(name, worker.key)

        wait_until(lambda: [w.pid for w in alive_workers(redis)] == [worker.pid])
        assert redis.scard(WORKERS_BY_QUEUE_KEY % QUEUE_NAME) == 1
