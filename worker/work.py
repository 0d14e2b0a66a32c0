"""One worker process: assembled here, by hand."""

import os
import socket
from contextlib import closing, suppress
from functools import partial
from typing import Final
from uuid import uuid4

import msgspec
import structlog

from sandbox.backend import Sandbox
from sandbox.isolation.scheduling import ask_for_short_turns
from sandbox.outcome import SandboxUnavailable
from tasks.catalogue import load
from worker import jobs
from worker.pipeline import Pipeline
from worker.rq_beat import Beat
from worker.rq_clients import worker_client
from worker.rq_wire import QUEUE_NAME, worker_name
from worker.rq_worker import LeanWorker
from worker.sandboxes import sandbox_for
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
    with suppress(OSError):  # answers come without, only a little later
        ask_for_short_turns()
    sandbox = sandbox_for(settings, concurrency=1, require=settings.sandbox_require)
    with closing(sandbox):
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
        worker.sandbox_health = partial(_health_of, sandbox)
        worker.can_grade = lambda: _health_of(sandbox) != b""
        beat = Beat(worker, settings.redis_url)
        worker.give_no_more_signs = beat.stop
        beat.start()
        log.info(
            "worker_ready", worker=name, sandbox=_health_of(sandbox).decode(), tasks=len(catalogue)
        )
        try:
            worker.work(logging_level=RQ_LOG_LEVEL)
        finally:
            beat.stop()
            pipeline.close()
            log.info("worker_stopped", worker=name)
    return 0


def _health_of(sandbox: Sandbox) -> bytes:
    """Return a sandbox's health as JSON, nothing while it is away."""
    try:
        return msgspec.json.encode(sandbox.health())
    except SandboxUnavailable:
        return b""
