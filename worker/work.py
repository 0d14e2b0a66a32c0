"""One worker process: assembled here, by hand."""

import logging
import os
import socket
import sys
from typing import Final
from uuid import uuid4

import msgspec

from sandbox.process import ProcessSandbox
from tasks.catalogue import load
from worker import jobs
from worker.pipeline import Pipeline
from worker.rq_beat import Beat
from worker.rq_wire import QUEUE_NAME, worker_name
from worker.rq_worker import LeanWorker, worker_client
from worker.settings import WorkerSettings

LOG_LEVEL: Final = "WARNING"


def work(settings: WorkerSettings) -> int:
    """Take jobs until SIGTERM or SIGINT, then finish the one in hand.

    Returns:
        0: whoever started this process starts it again unless it asked for the end.

    Raises:
        BadTask: If a task can not be used.
        LayersMissing: If an isolation layer that is insisted on is not to be had.
        SandboxUnavailable: If the sandbox can not start.
    """
    logging.basicConfig(stream=sys.stderr, level=LOG_LEVEL)
    catalogue = load(settings.tasks_path)
    sandbox = ProcessSandbox(concurrency=1, require=settings.sandbox_require)
    with sandbox:
        pipeline = Pipeline(tasks=catalogue, sandbox=sandbox, concurrency=1)
        jobs.install(pipeline.grade)
        worker = LeanWorker(
            QUEUE_NAME,
            name=worker_name(socket.gethostname(), os.getpid(), uuid4().hex[:8]),
            connection=worker_client(settings.redis_url),
            serializer="json",
            log_job_description=False,
        )
        worker.sandbox_health = msgspec.json.encode(sandbox.health())
        beat = Beat(worker, settings.redis_url)
        beat.start()
        try:
            worker.work(logging_level=LOG_LEVEL)
        finally:
            beat.stop()
            pipeline.close()
    return 0
