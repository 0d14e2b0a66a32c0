"""Batches over RQ with real worker processes: shares, deaths, poison and slow jobs."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator

import pytest
from redis import Redis
from rq.job import Job
from rq.results import Result

from tests.integration.cluster import alive_workers, busy_pid, crew, queue_of, sleeping, wait_until
from tests.integration.rq_queues import queue_at
from tests.redis_server import RedisServer, running_redis
from worker.messages import Graded, GradeJob
from worker.rq_batches import Batch
from worker.rq_wire import BATCH_TRIES, batch_order_of

DEADLINE_S = 40.0
WORKERS = 2


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with running_redis(tmp_path_factory.mktemp("redis")) as one, crew(one.url, WORKERS):
        yield one


@pytest.fixture
def redis(server: RedisServer) -> Iterator[Redis]:
    with Redis.from_url(server.url) as client:
        wait_until(lambda: len(alive_workers(client)) == WORKERS)
        queue = queue_of(client)
        for job_id in queue.failed_job_registry.get_job_ids():
            queue.failed_job_registry.remove(job_id, delete_job=True)
        yield client


def jobs_of(name: str, count: int, seconds: float = 0.0) -> list[GradeJob]:
    return [sleeping(seconds, f"{name}-{n}") for n in range(count)]


def passed(answers: object) -> list[bool]:
    assert isinstance(answers, tuple)
    return [isinstance(answer, Graded) and answer.grade.passed for answer in answers]


async def test_a_batch_is_shared_by_all_workers_in_few_jobs_of_rq(
    redis: Redis, server: RedisServer
) -> None:
    before = {w.name: w.successful_job_count for w in alive_workers(redis)}
    async with queue_at(server.url, drain_s=DEADLINE_S) as queue:
        answers = await queue.grade_many(jobs_of("shared", 64, 0.01), deadline_s=DEADLINE_S)
    wait_until(lambda: queue_of(redis).started_job_registry.count == 0)
    done = {w.name: w.successful_job_count - before.get(w.name, 0) for w in alive_workers(redis)}

    assert passed(answers) == [True] * 64
    assert sum(done.values()) == 8
    assert all(count >= 2 for count in done.values()), done


async def test_of_jobs_in_one_chunk_each_has_waited_for_those_before_it(
    server: RedisServer,
) -> None:
    async with queue_at(server.url, drain_s=DEADLINE_S) as queue:
        reports = await queue._grade_chunk(jobs_of("waited", 3, 0.1), deadline_s=DEADLINE_S)

    waited_s = [report.phases.queue_s for report in reports if isinstance(report, Graded)]
    assert len(waited_s) == 3
    assert waited_s[1] - waited_s[0] > 0.1
    assert waited_s[2] - waited_s[1] > 0.1


async def test_a_worker_leaves_what_it_can_not_begin_soon_and_others_are_not_kept_waiting(
    server: RedisServer,
) -> None:
    async with queue_at(server.url, drain_s=DEADLINE_S) as queue:
        slow = jobs_of("slow", 10, 0.8)
        batch = asyncio.create_task(queue.grade_many(slow, deadline_s=DEADLINE_S))
        await asyncio.sleep(0.5)
        step = await queue.grade(sleeping(0, "step"), deadline_s=DEADLINE_S)
        is_first = not batch.done()
        answers = await batch
        (first, *others) = await queue._grade_chunk(
            jobs_of("slower", 5, 0.9), deadline_s=DEADLINE_S
        )

    assert passed((step, *answers)) == [True] * 11
    assert is_first
    assert isinstance(first, Graded)
    assert others[-1] is None


async def test_the_batch_of_a_killed_worker_is_repeated_and_answered_once(
    redis: Redis, server: RedisServer
) -> None:
    jobs = jobs_of("killed", 4, 0.15)
    async with queue_at(server.url, drain_s=DEADLINE_S) as queue:
        chunk = asyncio.create_task(queue._grade_chunk(jobs, deadline_s=DEADLINE_S))
        pid = await asyncio.to_thread(busy_pid, redis)
        await asyncio.sleep(0.2)
        os.kill(pid, signal.SIGKILL)
        killed_s = time.monotonic()
        reports = await chunk
        took_s = time.monotonic() - killed_s

    assert passed(tuple(reports)) == [True] * 4
    assert took_s < 5 + 4 * 0.5
    assert Result.count(Job(batch_order_of(jobs).rq_id, connection=redis)) == 1
    assert queue_of(redis).failed_job_registry.count == 0


async def test_jobs_whose_batch_ended_its_workers_are_graded_one_by_one(
    redis: Redis, server: RedisServer
) -> None:
    jobs = jobs_of("spared", 3, 0.8)
    chunk = batch_order_of(jobs[:2]).rq_id
    killed: set[int] = set()
    async with queue_at(server.url, drain_s=DEADLINE_S) as queue:
        batch = Batch(
            jobs,
            workers=1,
            deadline_s=DEADLINE_S,
            ask_one=queue.grade,
            ask_many=queue._grade_chunk,
        )
        answers = asyncio.create_task(batch.run())
        while len(killed) < BATCH_TRIES:
            pid = await asyncio.to_thread(_that_has, redis, chunk, killed)
            killed.add(pid)
            os.kill(pid, signal.SIGKILL)
        found = await answers

    assert passed(found) == [True] * 3
    failed = queue_of(redis).failed_job_registry.get_job_ids()
    assert failed == [chunk]


def _that_has(redis: Redis, rq_id: str, killed: set[int]) -> int:
    """Return a worker that has the job in hand and was not killed before."""

    def found() -> int:
        return next(
            (
                worker.pid
                for worker in alive_workers(redis)
                for execution in worker.get_current_executions(refresh=True)
                if worker.pid and worker.pid not in killed and execution.job_id == rq_id
            ),
            0,
        )

    return wait_until(found)
