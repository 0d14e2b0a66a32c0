"""A worker may be killed at any moment of a job: another does it in time, and it is done once."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from redis import Redis
from rq import Retry, Worker
from rq.job import Job
from rq.results import Result

from gateway.redis_client import async_client
from tests.integration.cluster import busy_pid, crew, queue_of, sleeping, wait_until
from tests.integration.dying_workers import DEATHS, MOMENTS
from tests.redis_server import RedisServer, running_redis
from tests.tree import ROOT
from worker.messages import Graded, GradeReport
from worker.rq_beat import Beat
from worker.rq_queue import RqGradeQueue
from worker.rq_release import LONG_AGO, release
from worker.rq_wire import QUEUE_NAME, order_of, rq_id_of, worker_name
from worker.rq_worker import LeanJob, LeanWorker

RECOVERS_WITHIN_S = 5.0
DEADLINE_S = 30.0
BUSY_S = 2.5
"""How long the worker that survives is kept from taking a job itself, seconds."""


class Answered(NamedTuple):
    report: GradeReport
    at_s: float
    results: int


class Death(NamedTuple):
    """What became of the job of a worker that was killed."""

    rq_id: str
    died_s: float
    answered: Answered


class Aftermath(NamedTuple):
    deaths: dict[str, Death]
    left: dict[str, int]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    """Let one worker die at each moment beside one that survives; all at once, to save time."""
    with (
        running_redis(tmp_path_factory.mktemp("redis")) as server,
        Redis.from_url(server.url) as redis,
        crew(server.url, 1),
    ):
        answers = asyncio.run(_answers(server.url, redis))
        deaths = {}
        for moment, text in redis.hgetall(DEATHS).items():
            rq_id, died_s = text.decode().split()
            deaths[moment.decode()] = Death(rq_id, float(died_s), answers[rq_id])
        queue = queue_of(redis)
        left = {
            "waiting": queue.count,
            "taken": redis.llen(queue.intermediate_queue_key),
            "begun": redis.zcard(queue.started_job_registry.key),
            "failed": queue.failed_job_registry.count,
        }
        yield Aftermath(deaths, left)


async def _answers(url: str, redis: Redis) -> dict[str, Answered]:
    async with async_client(url) as client:
        queue = RqGradeQueue(
            client, gateway_id="g", waiting_limit=100, age_limit_s=60, drain_s=DEADLINE_S
        )
        await queue.start()

        async def answered(name: str) -> tuple[str, Answered]:
            job = sleeping(0, name)
            report = await queue.grade(job, deadline_s=DEADLINE_S)
            at_s = time.time()
            rq_id = rq_id_of(job)
            return rq_id, Answered(report, at_s, Result.count(Job(rq_id, connection=redis)))

        busy = asyncio.create_task(queue.grade(sleeping(BUSY_S, "busy"), deadline_s=DEADLINE_S))
        await asyncio.to_thread(busy_pid, redis)
        command = [sys.executable, "-m", "tests.integration.dying_workers", url]
        dying = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
        workers = 1 + len(MOMENTS)
        await asyncio.to_thread(wait_until, lambda: Worker.count(redis) == workers)
        found = await asyncio.gather(*(answered(moment) for moment in MOMENTS))
        await busy
        await asyncio.wait_for(dying.wait(), DEADLINE_S)
        await queue.close()
        return dict(found)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_job_is_answered_in_time_whatever_moment_its_worker_died_in(
    aftermath: Aftermath, moment: str
) -> None:
    died = aftermath.deaths[moment]

    print(f"\n{moment}: {died.answered.at_s - died.died_s:.2f} s")  # noqa: T201 - what is measured
    assert isinstance(died.answered.report, Graded)
    assert died.answered.at_s - died.died_s < RECOVERS_WITHIN_S
    assert died.answered.results == 1


def test_only_the_worker_that_died_after_its_answer_was_heard_itself(aftermath: Aftermath) -> None:
    seen = {
        moment: isinstance(died.answered.report, Graded)
        and died.answered.report.grade.public is not None
        for moment, died in aftermath.deaths.items()
    }

    assert seen == {moment: moment != "answered" for moment in MOMENTS}


def test_nothing_is_left_of_the_dead(aftermath: Aftermath) -> None:
    assert aftermath.left == {"waiting": 0, "taken": 0, "begun": 0, "failed": 0}


def test_whoever_keeps_workers_lets_go_of_the_job_of_one_that_was_killed(tmp_path: Path) -> None:
    order = order_of(sleeping(10.0))
    with (
        running_redis(tmp_path) as server,
        Redis.from_url(server.url, socket_timeout=30) as redis,
        crew(server.url, 1),
    ):
        queue = queue_of(redis)
        queue.enqueue_call(order.function, args=(order.text, "replies"), retry=Retry(max=2))
        os.kill(busy_pid(redis), signal.SIGKILL)

        begun = queue.started_job_registry.key
        wait_until(lambda: redis.zcount(begun, LONG_AGO, LONG_AGO), RECOVERS_WITHIN_S)


def test_the_job_of_a_process_that_ended_is_given_to_another_and_no_other_job(
    redis_server: RedisServer,
) -> None:
    with Redis.from_url(redis_server.url, socket_timeout=30) as redis:
        queue = queue_of(redis)
        ended, living = (
            LeanWorker(
                QUEUE_NAME,
                name=worker_name("a-host", process_id, "token"),
                connection=redis,
                serializer="json",
            )
            for process_id in (7, 77)
        )
        for worker in (ended, living):
            order = order_of(sleeping(0.0, worker.name))
            queue.enqueue_call(
                order.function,
                args=(order.text, "replies"),
                job_id=worker.name,
                retry=Retry(max=2),
            )
            worker.register_birth()  # type: ignore[no-untyped-call]
            job = LeanJob.fetch(worker.name, connection=redis, serializer="json")
            queue.pop_job_id()
            worker._begin(job)
        beat = Beat(living, redis_server.url)

        fault = release(redis_server.url, "a-host", 7)
        beat._reap()
        waiting = queue.job_ids
        living.register_death()
        beat._redis.close()

    assert fault == ""
    assert waiting == [ended.name]


def test_what_can_not_be_let_go_of_is_said(tmp_path: Path) -> None:
    with running_redis(tmp_path) as server:
        server.stop(signal.SIGKILL)
        fault = release(server.url, "a-host", 7)

    assert "Connection refused" in fault
