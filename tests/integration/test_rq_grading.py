"""Gradings over RQ with real worker processes: deaths, pauses, poison, and what RQ shows of it."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis import Redis
from rq import Worker
from rq.job import Job, JobStatus
from rq.results import Result
from rq.worker_registration import REDIS_WORKER_KEYS, WORKERS_BY_QUEUE_KEY

from gateway.redis_client import async_client
from tests.integration.cluster import (
    alive_workers,
    busy_pid,
    crew,
    queue_of,
    rq_info,
    sleeping,
    wait_until,
)
from tests.redis_server import RedisServer, running_redis
from worker.messages import Graded, GradeJob, GradingFailed
from worker.queue import QueueFull
from worker.rq_queue import RqGradeQueue
from worker.rq_wire import QUEUE_NAME, TRIES, rq_id_of

DEADLINE_S = 30.0
RECOVERS_WITHIN_S = 6.0


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[Redis]:
    with Redis.from_url(redis_server.url) as client:
        yield client


@asynccontextmanager
async def queue_at(
    url: str, *, gateway_id: str = "g", waiting_limit: int = 100, age_limit_s: float = 60.0
) -> AsyncIterator[RqGradeQueue]:
    async with async_client(url) as client:
        queue = RqGradeQueue(
            client,
            gateway_id=gateway_id,
            waiting_limit=waiting_limit,
            age_limit_s=age_limit_s,
            drain_s=0.1,
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


async def test_jobs_are_graded_and_the_answer_is_kept_for_whoever_asks_again(
    redis: Redis, redis_server: RedisServer
) -> None:
    job = sleeping(0.3)
    with crew(redis_server.url, 1):
        async with queue_at(redis_server.url) as queue:
            first = await queue.grade(job, deadline_s=DEADLINE_S)
            health = await queue.health()
        async with queue_at(redis_server.url, gateway_id="other") as queue:
            again = await queue.grade(job, deadline_s=DEADLINE_S)
        wait_until(lambda: queue_of(redis).finished_job_registry.count == 1)

    assert isinstance(first, Graded)
    assert first.grade.passed
    assert first.phases.sandbox_s > 0.3
    assert again == first, "the same to the digits of its times: it was graded once"
    assert (health.workers, health.waiting, health.reasons) == (1, 0, ())
    assert "process" in health.layers
    assert Result.count(Job(rq_id_of(job), connection=redis)) <= 2


async def test_the_same_step_with_other_code_gets_an_answer_of_its_own(
    redis_server: RedisServer,
) -> None:
    wrong = GradeJob(
        job_id="s-0",
        source="def f():\n    return 2\n",
        scope="public",
        inline_task=sleeping(0).inline_task,
    )
    with crew(redis_server.url, 1):
        async with queue_at(redis_server.url) as queue:
            right = await queue.grade(sleeping(0), deadline_s=DEADLINE_S)
            other = await queue.grade(wrong, deadline_s=DEADLINE_S)

    assert isinstance(right, Graded)
    assert right.grade.passed
    assert isinstance(other, Graded)
    assert not other.grade.passed


async def test_the_job_of_a_killed_worker_is_done_by_another_in_time(
    redis: Redis, redis_server: RedisServer
) -> None:
    with crew(redis_server.url, 2):
        async with queue_at(redis_server.url) as queue:
            answer = await started(queue, sleeping(0.5))
            pid = await asyncio.to_thread(busy_pid, redis)
            os.kill(pid, signal.SIGKILL)
            killed_s = time.monotonic()
            report = await answer
            took_s = time.monotonic() - killed_s

    assert isinstance(report, Graded)
    assert report.grade.passed
    assert took_s < RECOVERS_WITHIN_S


async def test_a_job_that_kills_every_worker_ends_as_failed_after_bounded_tries(
    redis: Redis, redis_server: RedisServer
) -> None:
    job = sleeping(20)
    with crew(redis_server.url, 2):
        async with queue_at(redis_server.url) as queue:
            answer = await started(queue, job)
            killed: set[int] = set()
            while not answer.done():
                pid = await asyncio.to_thread(_next_busy, redis, killed, answer)
                if pid:
                    killed.add(pid)
                    os.kill(pid, signal.SIGKILL)
            report = await answer

        assert isinstance(report, GradingFailed)
        assert len(killed) == TRIES
        assert queue_of(redis).failed_job_registry.get_job_ids() == [rq_id_of(job)]


def _next_busy(redis: Redis, killed: set[int], answer: "asyncio.Task[object]") -> int:
    give_up_s = time.monotonic() + 20
    while not answer.done() and time.monotonic() < give_up_s:
        for worker in alive_workers(redis):
            if worker.pid and worker.pid not in killed and worker.get_state() == "busy":
                return worker.pid
        time.sleep(0.02)
    return 0


async def test_a_job_nobody_can_grade_ends_in_the_failed_registry_and_can_be_asked_again(
    redis: Redis, redis_server: RedisServer
) -> None:
    job = GradeJob(job_id="s-0", source="", scope="public", task_id="there is no such task")
    with crew(redis_server.url, 1):
        async with queue_at(redis_server.url) as queue:
            report = await queue.grade(job, deadline_s=DEADLINE_S)
            failed = queue_of(redis).failed_job_registry.get_job_ids()
            again = await queue.grade(job, deadline_s=DEADLINE_S)
        wait_until(lambda: queue_of(redis).failed_job_registry.count == 1)
        listed = rq_info(redis_server.url)

    assert isinstance(report, GradingFailed)
    assert "there is no such task" in report.reason
    assert failed == [rq_id_of(job)]
    assert again == report
    kept = Job.fetch(rq_id_of(job), connection=redis, serializer="json")
    assert kept.get_status() == JobStatus.FAILED
    result = kept.latest_result()
    assert result is not None
    assert "GradingFault" in (result.exc_string or "")
    assert "gradings" in listed
    assert "1 failed" in listed
    assert "1 workers, 1 queues" in listed


async def test_a_paused_worker_that_wakes_up_late_changes_nothing(
    redis: Redis, redis_server: RedisServer
) -> None:
    job = sleeping(1.0)
    rq_id = rq_id_of(job)
    with crew(redis_server.url, 2):
        async with queue_at(redis_server.url) as queue:
            answer = await started(queue, job)
            pid = await asyncio.to_thread(busy_pid, redis)
            os.kill(pid, signal.SIGSTOP)
            try:
                report = await answer
                before = _trace(redis, rq_id)
            finally:
                os.kill(pid, signal.SIGCONT)
            await asyncio.sleep(2.5)
            after = _trace(redis, rq_id)
            waiting = queue_of(redis).count
            still = await queue.grade(sleeping(0, "s-1"), deadline_s=DEADLINE_S)

    assert isinstance(report, Graded)
    assert report.grade.passed
    assert before == after
    assert waiting == 0
    assert isinstance(still, Graded)


def _trace(redis: Redis, rq_id: str) -> dict[str, object]:
    """What Redis holds of a job that is done."""
    job = Job.fetch(rq_id, connection=redis, serializer="json")
    return {
        "status": job.get_status(),
        "worker": job.worker_name,
        "ended": job.ended_at,
        "results": [result.id for result in Result.all(job, serializer="json")],
        "started": queue_of(redis).started_job_registry.get_job_ids(cleanup=False),
        "finished": queue_of(redis).finished_job_registry.get_job_ids(),
        "replies": redis.llen("pcr:replies:g"),
    }


async def test_gradings_survive_a_restart_of_redis(tmp_path: Path) -> None:
    with running_redis(tmp_path, append_only=True) as server, crew(server.url, 1):
        async with queue_at(server.url) as queue:
            answers = [await started(queue, sleeping(0.5, f"s-{n}")) for n in range(6)]
            await asyncio.sleep(1.5)
            server.stop(signal.SIGKILL)
            await asyncio.sleep(1.0)
            server.start()
            reports = await asyncio.gather(*answers)
            after = await queue.grade(sleeping(0, "later"), deadline_s=DEADLINE_S)

    assert all(isinstance(report, Graded) for report in reports), reports
    assert isinstance(after, Graded)


async def test_sigterm_lets_the_job_in_hand_end_and_takes_no_other(
    redis: Redis, redis_server: RedisServer
) -> None:
    with crew(redis_server.url, 1) as process:
        async with queue_at(redis_server.url) as queue:
            answer = await started(queue, sleeping(1.0))
            await asyncio.to_thread(busy_pid, redis)
            other = await started(queue, sleeping(0.0, "s-1"))
            process.send_signal(signal.SIGTERM)
            report = await answer
            status = await asyncio.to_thread(process.wait, 10)
            left = queue_of(redis).count
            other.cancel()

    assert isinstance(report, Graded)
    assert status == 0
    assert left == 1
    assert alive_workers(redis) == []


async def test_a_worker_that_ends_is_replaced(redis: Redis, redis_server: RedisServer) -> None:
    with crew(redis_server.url, 1):
        (worker,) = alive_workers(redis)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)

        wait_until(lambda: any(w.name != worker.name for w in alive_workers(redis)))


async def test_a_full_queue_refuses_and_keeps_nothing(
    redis: Redis, redis_server: RedisServer
) -> None:
    async with queue_at(redis_server.url, waiting_limit=3) as queue:
        answers = [await started(queue, sleeping(0, f"s-{n}")) for n in range(3)]
        await asyncio.to_thread(wait_until, lambda: queue_of(redis).count == 3)

        with pytest.raises(QueueFull) as full:
            await queue.grade(sleeping(0, "s-3"), deadline_s=DEADLINE_S)

        assert full.value.retry_after_s > 0
        assert queue_of(redis).count == 3
        assert not Job.exists(rq_id_of(sleeping(0, "s-3")), connection=redis)
        assert "the grading queue is full" in (await queue.health()).reasons
        for answer in answers:
            answer.cancel()


async def test_a_queue_that_does_not_move_refuses(redis: Redis, redis_server: RedisServer) -> None:
    async with queue_at(redis_server.url, age_limit_s=0.2) as queue:
        answer = await started(queue, sleeping(0))
        await asyncio.to_thread(wait_until, lambda: queue_of(redis).count == 1)
        await asyncio.sleep(0.3)

        with pytest.raises(QueueFull):
            await queue.grade(sleeping(0, "s-1"), deadline_s=DEADLINE_S)

        assert queue_of(redis).count == 1
        answer.cancel()


async def test_jobs_nobody_needs_any_more_do_not_count_as_waiting(
    redis: Redis, redis_server: RedisServer
) -> None:
    async with queue_at(redis_server.url, age_limit_s=0.2) as queue:
        await queue.grade(sleeping(0), deadline_s=0.5)
        rq_id = rq_id_of(sleeping(0))
        await asyncio.to_thread(wait_until, lambda: not Job.exists(rq_id, connection=redis))
        left_behind = queue_of(redis).count
        waiting = (await queue.health()).waiting
        answer = await started(queue, sleeping(0, "s-1"))
        await asyncio.to_thread(wait_until, lambda: queue_of(redis).count == 1)
        await asyncio.sleep(0.3)
        stuck = await queue.health()
        answer.cancel()

    assert (left_behind, waiting) == (1, 0)
    assert "the grading queue does not move" in stuck.reasons
    assert stuck.oldest_s > 0.2


async def test_no_answer_by_the_deadline_is_our_fault(redis_server: RedisServer) -> None:
    async with queue_at(redis_server.url) as queue:
        report = await queue.grade(sleeping(0), deadline_s=0.2)
        health = await queue.health()

    assert isinstance(report, GradingFailed)
    assert "0.2 s" in report.reason
    assert health.reasons == ("no worker is alive",)


async def test_a_job_nobody_waits_for_any_more_is_not_done(
    redis: Redis, redis_server: RedisServer
) -> None:
    async with queue_at(redis_server.url) as queue:
        await queue.grade(sleeping(0), deadline_s=0.5)
        await asyncio.sleep(1)
        with crew(redis_server.url, 1):
            report = await queue.grade(sleeping(0, "s-1"), deadline_s=DEADLINE_S)

    assert isinstance(report, Graded)
    assert not Job.exists(rq_id_of(sleeping(0)), connection=redis)


async def test_two_who_ask_the_same_share_one_grading(
    redis: Redis, redis_server: RedisServer
) -> None:
    with crew(redis_server.url, 1):
        async with queue_at(redis_server.url) as queue:
            first = await started(queue, sleeping(0.3))
            hasty = await queue.grade(sleeping(0.3), deadline_s=0.05)
            second = await queue.grade(sleeping(0.3), deadline_s=DEADLINE_S)
            both = await first

    assert isinstance(hasty, GradingFailed)
    assert second == both
    assert isinstance(both, Graded)
    assert Result.count(Job(rq_id_of(sleeping(0.3)), connection=redis)) == 1


async def test_without_redis_the_fault_is_ours_and_comes_soon(tmp_path: Path) -> None:
    with running_redis(tmp_path) as server:
        async with queue_at(server.url) as queue:
            server.stop(signal.SIGKILL)
            began_s = time.monotonic()
            report = await queue.grade(sleeping(0), deadline_s=DEADLINE_S)
            took_s = time.monotonic() - began_s
            health = await queue.health()

    assert isinstance(report, GradingFailed)
    assert took_s < 5
    assert "the grading queue can not be reached" in health.reasons


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
