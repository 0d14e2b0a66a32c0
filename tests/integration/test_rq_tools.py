"""What a user of RQ sees of our jobs with RQ's own commands."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import redis as blocking
from redis.asyncio import Connection, ConnectionPool, Redis
from rq.job import Job

from tasks.catalogue import load
from tests.integration.cluster import crew, queue_of, sleeping, wait_until
from tests.integration.rq_queues import queue_at
from tests.redis_server import RedisServer
from tests.tree import ROOT
from worker.messages import Graded, GradeJob, GradingFailed
from worker.rq_jobs import RqJobs
from worker.rq_wire import GRADE_FUNCTION, order_of, rq_id_of

DEADLINE_S = 30.0
LATE = "bug_fix_that_came_late"
MODEL = "bug_fix_session_windows"


class Counted(Connection):
    """A connection whose round trips are counted."""

    trips = 0

    async def send_packed_command(self, command: Any, check_health: bool = True) -> None:
        Counted.trips += 1
        await super().send_packed_command(command, check_health)


def rq(url: str, command: str, *arguments: str) -> str:
    """Return what RQ's command says."""
    binary = str(Path(sys.executable).with_name("rq"))
    return subprocess.run(
        [binary, command, "--url", url, *arguments],
        check=True,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
    ).stdout


def late_task(folder: Path) -> Path:
    """Make a folder of tasks that a worker has only when it is told."""
    shutil.copytree(ROOT / "tasks" / "catalog" / MODEL, folder / LATE)
    described = folder / LATE / "task.toml"
    described.write_text(described.read_text().replace(f'id = "{MODEL}"', f'id = "{LATE}"'))
    return folder


def late_job() -> GradeJob:
    """Return a job for that task, and right."""
    model = load(()).get(MODEL)
    assert model is not None
    return GradeJob(job_id="s-0", source=model.reference, scope="full", task_id=LATE)


def told(redis: blocking.Redis, rq_id: str) -> tuple[str, str, str, str]:
    """Return what RQ says of a job now: its function, its queue, its state and why it failed."""
    job = Job.fetch(rq_id, connection=redis, serializer="json")
    result = job.latest_result()
    why = "" if result is None else str(result.exc_string or "")
    return str(job.func_name), job.origin, job.get_status().value, why


async def test_a_failed_job_says_why_and_goes_on_when_it_is_requeued(
    redis: blocking.Redis,
    redis_server: RedisServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, job = redis_server.url, late_job()
    rq_id = rq_id_of(job)
    with crew(url, 1):
        async with queue_at(url) as queue:
            first = await queue.grade(job, deadline_s=DEADLINE_S)
        wait_until(lambda: queue_of(redis).started_job_registry.count == 0)
        listed = rq(url, "info")
    function, origin, status, why = told(redis, rq_id)
    failed = queue_of(redis).failed_job_registry.get_job_ids()

    monkeypatch.setenv("TASKS_PATH", str(late_task(tmp_path)))
    rq(url, "requeue", "--queue", "gradings", "-S", "json", rq_id)
    waiting = rq(url, "info", "--only-queues")
    with crew(url, 1):
        wait_until(lambda: queue_of(redis).finished_job_registry.count == 1)
        async with queue_at(url) as queue:
            again = await queue.grade(job, deadline_s=DEADLINE_S)

    assert isinstance(first, GradingFailed)
    assert (function, origin, status, failed) == (GRADE_FUNCTION, "gradings", "failed", [rq_id])
    assert why.startswith("Traceback")
    assert f"GradingFault: this worker has no task '{LATE}'" in why
    assert set(listed.splitlines()) >= {"1 queues, 0 jobs total", "1 workers, 1 queues"}
    assert "0, 0 executing, 0 finished, 1 failed" in listed
    assert "idle gradings. jobs: 0 finished, 3 failed" in listed
    assert "1, 0 executing, 0 finished, 0 failed" in waiting
    assert told_of(again) is True
    assert queue_of(redis).failed_job_registry.count == 0


def told_of(report: object) -> bool:
    return isinstance(report, Graded) and report.grade.passed


async def test_rq_info_shows_who_is_busy_and_what_waits(
    redis: blocking.Redis, redis_server: RedisServer
) -> None:
    with crew(redis_server.url, 1):
        async with queue_at(redis_server.url) as queue:
            jobs = [sleeping(1.0, f"s-{n}") for n in range(3)]
            answers = [asyncio.create_task(queue.grade(j, deadline_s=DEADLINE_S)) for j in jobs]
            await asyncio.to_thread(
                wait_until,
                lambda: queue_of(redis).count == 2 and queue_of(redis).started_job_registry.count,
            )
            listed = await asyncio.to_thread(rq, redis_server.url, "info")
            await asyncio.gather(*answers)

    assert "2 jobs total" in listed
    assert "2, 1 executing, 0 finished, 0 failed" in listed
    assert "busy gradings." in listed


async def test_a_job_is_enqueued_in_one_round_trip(redis_server: RedisServer) -> None:
    pool = ConnectionPool(connection_class=Counted, host="127.0.0.1", port=redis_server.port)
    async with Redis.from_pool(pool) as client:
        rq_jobs = RqJobs(client, queue_name="gradings", reply_to="replies")
        await rq_jobs.add(order_of(sleeping(0, "s-0")), ttl_s=10)  # asks once which Redis it is
        before = Counted.trips
        added = await rq_jobs.add(order_of(sleeping(0, "s-1")), ttl_s=10)

    assert Counted.trips - before == 1
    assert (added.kept, added.depth) == (None, 2)
