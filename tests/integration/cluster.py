"""Worker processes as a deployment runs them, and jobs whose time is known."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from redis import Redis
from rq import Queue, Worker
from rq.worker import BaseWorker, WorkerStatus

from sandbox.limits import Limits
from tasks.task import Difficulty, Provenance, Task, TaskKind
from tests.tree import ROOT
from worker.messages import GradeJob
from worker.rq_wire import QUEUE_NAME

STARTS_WITHIN_S = 30.0


@contextmanager
def crew(
    url: str, size: int, *, alive: bool = True, log_to: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `python -m worker --concurrency size`, logging to a file if one is named; end it."""
    environ = {**os.environ, "REDIS_URL": url, "SANDBOX_REQUIRE": "none"}
    command = [sys.executable, "-m", "worker", "--concurrency", str(size)]
    with log_to.open("wb") if log_to else nullcontext() as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=log)
    try:
        if alive:
            with Redis.from_url(url) as redis:
                wait_until(lambda: len(alive_workers(redis)) >= size)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        finally:
            process.kill()
            process.wait()


def alive_workers(redis: Redis) -> list[BaseWorker]:
    """Return the workers of this machine that live: the record of a killed one outlives it."""
    return [
        worker
        for worker in Worker.all(redis)
        if worker.death_date is None and worker.pid and _lives(worker.pid)
    ]


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


def busy_pid(redis: Redis) -> int:
    """Return the process that has a job in hand, waiting for one to take it."""

    def found() -> int:
        return next(
            (w.pid for w in alive_workers(redis) if w.get_state() == WorkerStatus.BUSY and w.pid), 0
        )

    return wait_until(found)


def queue_of(redis: Redis) -> Queue:
    return Queue(QUEUE_NAME, connection=redis, serializer="json")


def rq_info(url: str) -> str:
    """Return what `rq info` says."""
    command = [str(Path(sys.executable).with_name("rq")), "info", "--url", url]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def wait_until(fact: Callable[[], int | bool], within_s: float = STARTS_WITHIN_S) -> int:
    give_up_s = time.monotonic() + within_s
    while not (found := fact()):
        assert time.monotonic() < give_up_s, "it has not come to pass"
        time.sleep(0.02)
    return found


def sleeping(seconds: float, name: str = "s-0") -> GradeJob:
    """Return a job that takes so long and passes."""
    task = Task(
        id="sleeping",
        title="Sleeping",
        kind=TaskKind.BUG_FIX,
        difficulty=Difficulty.EASY,
        instruction="",
        starter="",
        reference="",
        test_public="from solution import f\n\n\ndef test_f():\n    assert f() == 1\n",
        test_hidden="from solution import f\n\n\ndef test_g():\n    assert f() == 1\n",
        entry_points=("f",),
        limits=Limits(test_wall_s=30, exam_wall_s=50),
        provenance=Provenance(source="tests", licence="MIT"),
    )
    source = f"import time\n\n\ndef f():\n    time.sleep({seconds})\n    return 1\n"
    return GradeJob(job_id=name, source=source, scope="public", inline_task=task)
