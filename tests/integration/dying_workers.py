"""Workers that die by SIGKILL, each at a moment of its own: `dying_workers.py URL`."""

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from redis import Redis
from rq import Queue
from rq.executions import Execution
from rq.job import Job
from rq.registry import StartedJobRegistry

from graders.quality import analysis_grade
from sandbox.exam import Analysis
from worker import jobs
from worker.messages import Graded, GradeJob, GradeReport
from worker.rq_beat import Beat
from worker.rq_clients import worker_client
from worker.rq_wire import QUEUE_NAME
from worker.rq_worker import LeanWorker

DEATHS: Final = "deaths"
"""Hash: when a worker died at a moment, and with which job in hand."""
MOMENTS: Final = ("popped", "fetched", "begun", "grading", "graded", "answered")

die: Callable[[str, str], None]


class DyingQueue(Queue):
    @classmethod
    def lmove(cls, connection: Redis, queue_key: str, timeout: int | None) -> Any:
        popped = super().lmove(connection, queue_key, timeout)
        if popped is not None:
            die("popped", popped[1].decode())
        return popped


class DyingWorker(LeanWorker):
    queue_class = DyingQueue

    def execute_job(self, job: Job, queue: Queue) -> None:
        die("fetched", job.id)
        super().execute_job(job, queue)

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        die("begun", job.id)
        return bool(super().perform_job(job, queue, execution))

    def handle_job_success(
        self,
        job: Job,
        queue: Queue,
        started_job_registry: StartedJobRegistry,
        execution: Execution,
    ) -> None:
        die("graded", job.id)
        super().handle_job_success(job, queue, started_job_registry, execution)
        die("answered", job.id)


def graded(job: GradeJob) -> GradeReport:
    (worker,) = WORKERS
    execution = worker.execution
    assert execution is not None
    die("grading", execution.job_id)
    return Graded(job_id=job.job_id, grade=analysis_grade(Analysis(complexity=1, line_count=1)))


WORKERS: Final[list[LeanWorker]] = []


def work(url: str, moment: str) -> None:
    """Be the worker that dies at one moment."""
    global die  # noqa: PLW0603 - one process, one moment

    def die_at(now: str, rq_id: str) -> None:
        if now == moment:
            with Redis.from_url(url) as redis:
                redis.hset(DEATHS, moment, f"{rq_id} {time.time()}")
            os.kill(os.getpid(), signal.SIGKILL)

    die = die_at
    jobs.install(graded)
    worker = DyingWorker(
        QUEUE_NAME, name=f"dying-{moment}", connection=worker_client(url), serializer="json"
    )
    WORKERS.append(worker)
    Beat(worker, url).start()
    worker.work(logging_level="ERROR")


def main() -> None:
    (url,) = sys.argv[1:]
    children = []
    for moment in MOMENTS:
        child = os.fork()
        if not child:
            work(url, moment)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
