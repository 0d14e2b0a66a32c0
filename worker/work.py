"""One worker process: assembled here, by hand."""

import os
import socket
from typing import Final
from uuid import uuid4

import msgspec
import structlog

from sandbox.process import ProcessSandbox
from tasks.catalogue import load
from worker import jobs
from worker.pipeline import Pipeline
from worker.rq_beat import Beat
from worker.rq_wire import QUEUE_NAME, worker_name
from worker.rq_worker import LeanWorker, worker_client
from worker.settings import WorkerSettings

RQ_LOG_LEVEL: Final = "WARNING"
"""RQ's own lines for each job say less than ours and cost as much."""

log = structlog.get_logger(__name__)


def work(settings: WorkerSettings) -> int:
    """Take jobs until SIGTERM or SIGINT, then finish the one in hand.

    Returns:
        0: whoever started this process starts it again unless it asked for the end.

    Raises:
        BadTask: If a task can not be used.
        LayersMissing: If an isolation layer that is insisted on is not to be had.
        SandboxUnavailable: If the sandbox can not start.
    """
    catalogue = load(settings.tasks_path)
    sandbox = ProcessSandbox(concurrency=1, require=settings.sandbox_require)
    with sandbox:
        pipeline = Pipeline(tasks=catalogue, sandbox=sandbox, concurrency=1)
        jobs.install(pipeline.grade)
        name = worker_name(socket.gethostname(), os.getpid(), uuid4().hex[:8])
        worker = LeanWorker(
            QUEUE_NAME,
            name=name,
            connection=worker_client(settings.redis_url),
            serializer="json",
            log_job_description=False,
        )
        health = sandbox.health()
        worker.sandbox_health = msgspec.json.encode(health)
        beat = Beat(worker, settings.redis_url)
        beat.start()
        log.info("worker_ready", worker=name, isolation_layers=health.layers, tasks=len(catalogue))
        try:
            worker.work(logging_level=RQ_LOG_LEVEL)
        finally:
            beat.stop()
            pipeline.close()
            log.info("worker_stopped", worker=name)
    return 0
