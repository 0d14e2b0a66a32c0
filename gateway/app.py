"""Assembles the gateway from its parts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from time import monotonic
from typing import Any, Final, TypeAlias
from uuid import uuid4

import msgspec
import structlog
from litestar import Litestar
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from gateway import exposition, grading, mcp_routes, openenv, probes, task_api, websocket
from gateway.context import Gateway
from gateway.methods import without_options
from gateway.metrics import Metrics
from gateway.openapi import document
from gateway.problems import Refusal, StoreUnavailable
from gateway.readiness import Readiness
from gateway.replies import answer_bug, answer_http_exception, answer_refusal
from gateway.schema import wire_schemas
from gateway.sessions import Sessions
from gateway.settings import Settings
from gateway.store import EpisodeStore
from gateway.traffic import note_answer, note_request
from gateway.web import routes as web_routes
from tasks.task import Task
from worker.queue import GradeQueue

SWEEP_SHARE: Final = 4
"""How many sweeps fall into the time a session may be idle."""
SWEEP_BOUNDS_S: Final = (0.05, 30.0)

Lifespan: TypeAlias = Callable[[Litestar], AbstractAsyncContextManager[Any]]

log = structlog.get_logger(__name__)


def create_app(
    *,
    settings: Settings,
    store: EpisodeStore,
    queue: GradeQueue,
    catalogue: Mapping[str, Task],
    lifespan: Sequence[Lifespan] = (),
) -> Litestar:
    """Assemble the application; nothing runs before its lifespan starts.

    Args:
        settings: Of the gateway.
        store: Where sessions are kept.
        queue: Where gradings are done; closed by whoever made it.
        catalogue: The tasks, at least one.
        lifespan: What else lives as long as the application, entered first and left last.
    """
    metrics = Metrics(catalogue)
    sessions = Sessions(
        settings=settings,
        store=store,
        queue=queue,
        tasks=catalogue,
        new_id=_new_id,
        metrics=metrics,
    )
    gateway = Gateway(
        settings=settings,
        sessions=sessions,
        store=store,
        queue=queue,
        tasks=catalogue,
        readiness=Readiness(queue=queue, store=store, now=monotonic),
        metrics=metrics,
        openapi=msgspec.json.encode(
            document(settings.openenv_mode, description=openenv.DESCRIPTION)
        ),
        schema=msgspec.json.encode(wire_schemas()),
    )
    simulation = openenv.SIMULATION_ROUTES if settings.openenv_mode == "simulation" else ()
    return Litestar(
        route_handlers=[
            *simulation,
            *openenv.ROUTES,
            *probes.ROUTES,
            *exposition.ROUTES,
            *grading.ROUTES,
            *mcp_routes.ROUTES,
            *task_api.ROUTES,
            *websocket.ROUTES,
            *web_routes.ROUTES,
        ],
        middleware=[note_request, without_options],
        before_send=[note_answer],
        lifespan=[*lifespan, sweeping],
        state=State({"gateway": gateway}),
        exception_handlers={
            Refusal: answer_refusal,
            HTTPException: answer_http_exception,
            Exception: answer_bug,
        },
        openapi_config=None,
        logging_config=None,
        request_max_body_size=settings.max_body_bytes,
    )


@asynccontextmanager
async def sweeping(app: Litestar) -> AsyncIterator[None]:
    """Forget idle sessions for as long as the application runs."""
    gateway: Gateway = app.state.gateway
    shortest_s, longest_s = SWEEP_BOUNDS_S
    pause_s = gateway.settings.session_idle_s / SWEEP_SHARE
    pause_s = min(longest_s, max(shortest_s, pause_s))
    task = asyncio.create_task(_sweep(gateway, pause_s=pause_s))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _sweep(gateway: Gateway, *, pause_s: float) -> None:
    while True:
        await asyncio.sleep(pause_s)
        try:
            forgotten = await gateway.sessions.sweep()
        except StoreUnavailable:
            continue
        if forgotten:
            gateway.metrics.sessions_expired(forgotten)
            log.info("idle_sessions_forgotten", count=forgotten)


def _new_id() -> str:
    """Return 122 random bits from the operating system."""
    return str(uuid4())
