"""A worker may be killed at any moment of a job: another does it in time, and it is done once."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
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
from worker.rq_holds import Release, now_s, release
from worker.rq_queue import RqGradeQueue
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
    order, log = order_of(sleeping(10.0)), tmp_path / "crew.log"
    with (
        running_redis(tmp_path) as server,
        Redis.from_url(server.url, socket_timeout=30) as redis,
        crew(server.url, 1, log_to=log),
    ):
        queue_of(redis).enqueue_call(order.function, args=(order.text, "r"), retry=Retry(max=2))
        os.kill(busy_pid(redis), signal.SIGKILL)

        wait_until(lambda: '"worker_ended"' in log.read_text())

    assert '"jobs_released":1,"not_released":""' in log.read_text()


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[Redis]:
    with Redis.from_url(redis_server.url, socket_timeout=30) as client:
        yield client


def begun(redis: Redis, process_id: int) -> str:
    """Begin a job as the worker of a process that now has ended; give the job's id."""
    queue, name = queue_of(redis), worker_name("a-host", process_id, "token")
    worker = LeanWorker(QUEUE_NAME, name=name, connection=redis, serializer="json")
    worker.register_birth()  # type: ignore[no-untyped-call]
    order = order_of(sleeping(0.0, name))
    queue.enqueue_call(
        order.function, args=(order.text, "replies"), job_id=order.rq_id, retry=Retry(max=2)
    )
    queue.pop_job_id()
    worker._begin(LeanJob.fetch(order.rq_id, connection=redis, serializer="json"))
    return order.rq_id


@pytest.fixture
def beat(redis: Redis, redis_server: RedisServer) -> Iterator[Beat]:
    """Give the beat of a living worker, that does nothing by itself."""
    worker = LeanWorker(QUEUE_NAME, connection=redis, serializer="json")
    beat = Beat(worker, redis_server.url)
    yield beat
    beat._redis.close()


def reaped(beat: Beat, redis: Redis) -> int:
    """Look after the dead; count the jobs that wait."""
    beat._reap()
    return queue_of(redis).count


def test_the_job_of_a_process_that_ended_is_given_to_another_and_no_other_job(
    redis: Redis, redis_server: RedisServer, beat: Beat
) -> None:
    ended, _ = begun(redis, 7), begun(redis, 77)

    assert release(redis_server.url, "a-host", 7) == Release(jobs=1)
    wait_until(lambda: reaped(beat, redis) >= 1)

    assert queue_of(redis).job_ids == [ended]


def test_a_job_that_is_released_while_another_is_given_back_is_given_back_too(
    redis: Redis, redis_server: RedisServer, beat: Beat
) -> None:
    jobs = {begun(redis, 7), begun(redis, 8)}
    release(redis_server.url, "a-host", 7)
    Event().wait(0.01)

    def release_the_other(*_: object) -> None:
        release(redis_server.url, "a-host", 8)

    beat._registry.cleanup(now_s(redis), exception_handlers=[release_the_other])
    assert queue_of(redis).count == 1
    wait_until(lambda: reaped(beat, redis) >= len(jobs))

    assert set(queue_of(redis).job_ids) == jobs


def test_a_worker_that_starts_leaves_jobs_of_the_dead_to_the_beat(
    redis: Redis, redis_server: RedisServer
) -> None:
    begun(redis, 7)
    release(redis_server.url, "a-host", 7)
    Event().wait(0.01)

    LeanWorker(QUEUE_NAME, connection=redis, serializer="json").run_maintenance_tasks()  # type: ignore[no-untyped-call]

    assert queue_of(redis).count == 0


def test_what_can_not_be_released_is_said(tmp_path: Path) -> None:
    with running_redis(tmp_path) as server:
        server.stop(signal.SIGKILL)
        released = release(server.url, "a-host", 7)

    assert released.jobs == 0
    assert "Connection refused" in released.fault
