"""Gradings over RQ with real worker processes: deaths, pauses, poison, and what RQ shows of it."""

import asyncio
import os
import signal
import time
from pathlib import Path

from redis import Redis
from rq.job import Job, JobStatus
from rq.results import Result

from tests.integration.cluster import (
    alive_workers,
    busy_pid,
    crew,
    queue_of,
    rq_info,
    sleeping,
    wait_until,
)
from tests.integration.rq_queues import DEADLINE_S, queue_at, started
from tests.redis_server import RedisServer, running_redis
from worker.messages import Graded, GradeJob, GradingFailed
from worker.rq_wire import TRIES, rq_id_of

RECOVERS_WITHIN_S = 6.0


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
