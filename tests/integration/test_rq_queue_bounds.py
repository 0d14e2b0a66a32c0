"""What the queue over RQ refuses, forgets and shares."""

import asyncio

import pytest
from redis import Redis
from rq.job import Job
from rq.results import Result

from tests.integration.cluster import crew, queue_of, sleeping, wait_until
from tests.integration.rq_queues import DEADLINE_S, queue_at, started
from tests.redis_server import RedisServer
from worker.messages import Graded, GradingFailed
from worker.queue import QueueFull
from worker.rq_wire import rq_id_of


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
