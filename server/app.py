"""The composition root: `uvicorn server.app:app`, or `python -m server.app`.

Without REDIS_URL everything runs in this one process and its sandboxed children: sessions in
memory, gradings in threads. With it this process is one gateway of a cluster. Importing this module
starts nothing; the parts are assembled when the server starts.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any, Final
from uuid import uuid4

import structlog
import uvicorn
from litestar import Litestar
from litestar.types import Receive, Scope, Send

from gateway.app import create_app
from gateway.logs import take_over_server_logs
from gateway.memory_store import MemoryEpisodeStore
from gateway.settings import BadSetting, Settings, read_settings
from sandbox.isolation.scheduling import ask_for_short_turns
from sandbox.outcome import SandboxUnavailable
from sandbox.process import LayersMissing
from server.cluster import assemble_gateway
from tasks.catalogue import BadTask, load
from tasks.task import Task
from worker import settings as worker_settings
from worker.logs import configure_logs
from worker.pipeline import Pipeline
from worker.queue import LocalGradeQueue
from worker.sandboxes import sandbox_for
from worker.settings import WorkerSettings

DRAIN_S: Final = 2.0
"""How long gradings in flight may take at shutdown, seconds."""
GRACE_S: Final = 2
"""How long requests may take at shutdown, seconds; with `DRAIN_S` within 5."""
FRAME_BYTES: Final = 16 * 1024 * 1024
"""Larger frames end the socket with 1009. Source: OpenEnv's server, by uvicorn's default."""
BACKLOG: Final = 2048
USAGE: Final = 2
UNUSABLE: Final = (
    BadSetting,
    worker_settings.BadSetting,
    BadTask,
    LayersMissing,
    SandboxUnavailable,
)
"""Why a server does not start; all of them say what to do."""

log = structlog.get_logger(__name__)


class Application:
    """The ASGI application, assembled from its environment when its lifespan starts."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Remember the environment; it is read when the server starts."""
        self._environ = environ
        self._litestar: Litestar | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, or the lifespan."""
        if self._litestar is None:
            try:
                self._litestar = assemble(self._environ)
            except UNUSABLE as error:
                await _refuse_to_start(receive, send, error)
                return
        await self._litestar(scope, receive, send)


def assemble(environ: Mapping[str, str]) -> Litestar:
    """Build the application that the environment asks for.

    Raises:
        BadSetting: If a setting can not be used.
        BadTask: If a task can not be used.
        LayersMissing: If an isolation layer that is insisted on is not to be had.
        SandboxUnavailable: If the sandbox can not start.
    """
    settings = read_settings(environ)
    if settings.prometheus_multiproc_dir and not Path(settings.prometheus_multiproc_dir).is_dir():
        raise BadSetting("PROMETHEUS_MULTIPROC_DIR is no folder; make it, empty, before the start")
    worker = worker_settings.read_settings(environ)
    take_over_server_logs(settings.log_level, configure_logs(settings.log_level, sys.stderr))
    tasks = load(worker.tasks_path)
    if settings.redis_url:
        return assemble_gateway(settings, tasks=tasks, drain_s=DRAIN_S)
    return assemble_single(settings, worker, tasks)


def assemble_single(
    settings: Settings, worker: WorkerSettings, tasks: Mapping[str, Task]
) -> Litestar:
    """Build the single-process application: sandbox, pipeline, queue, store, gateway.

    The sandbox's fork servers start here, before there are threads, and end with the application.

    Raises:
        LayersMissing: If an isolation layer that is insisted on is not to be had.
        SandboxUnavailable: If the sandbox can not start.
    """
    with suppress(OSError):  # answers come without, only a little later
        ask_for_short_turns()
    concurrency = worker.grading_concurrency
    sandbox = sandbox_for(worker, concurrency=concurrency, require=worker.sandbox_require)
    pipeline = Pipeline(tasks=tasks, sandbox=sandbox, concurrency=concurrency)
    queue = LocalGradeQueue(
        grade=pipeline.grade,
        sandbox_health=sandbox.health,
        workers=concurrency,
        waiting_limit=settings.queue_limit,
        drain_s=DRAIN_S,
    )

    @asynccontextmanager
    async def grading(_: Litestar) -> AsyncIterator[None]:
        health = sandbox.health()
        log.info(
            "server_started",
            tasks=len(tasks),
            grading_concurrency=concurrency,
            isolation_layers=health.layers,
            missing_layers=health.missing,
        )
        try:
            yield
        finally:
            await queue.close()
            await asyncio.to_thread(sandbox.close)
            pipeline.close()
            log.info("server_stopped")

    store = MemoryEpisodeStore(
        limit=settings.max_concurrent_envs,
        idle_s=settings.session_idle_s,
        now=monotonic,
        new_token=lambda: str(uuid4()),
    )
    return create_app(
        settings=settings, store=store, queue=queue, catalogue=tasks, lifespan=[grading]
    )


async def _refuse_to_start(receive: Receive, send: Send, error: Exception) -> None:
    """Tell the ASGI server why there will be no application; it ends the process."""
    await receive()
    failed: Any = {"type": "lifespan.startup.failed", "message": str(error)}
    await send(failed)


app: Final = Application(os.environ)  # noqa: TID251 - handed on to the settings modules


def main() -> None:
    """Serve on HOST and PORT until SIGTERM or SIGINT."""
    try:
        settings = read_settings(os.environ)  # noqa: TID251 - the one place that hands it on
    except BadSetting as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(USAGE)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        backlog=BACKLOG,
        lifespan="on",
        access_log=False,
        ws_max_size=FRAME_BYTES,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=GRACE_S,
    )


if __name__ == "__main__":
    main()
