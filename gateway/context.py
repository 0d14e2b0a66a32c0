"""What every route leans on, and how it gets hold of it."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from litestar import Request, WebSocket
from litestar.datastructures import State
from msgspec import Struct

from gateway.metrics import Metrics
from gateway.readiness import Readiness
from gateway.sessions import Sessions
from gateway.settings import Settings
from gateway.store import EpisodeStore
from tasks.task import Task
from worker.queue import GradeQueue

HttpRequest: TypeAlias = Request[Any, Any, State]
Socket: TypeAlias = WebSocket[Any, Any, State]


class Gateway(Struct, frozen=True, kw_only=True):
    """The collaborators of one application."""

    settings: Settings
    sessions: Sessions
    store: EpisodeStore
    queue: GradeQueue
    tasks: Mapping[str, Task]
    readiness: Readiness
    metrics: Metrics
    openapi: bytes
    """The OpenAPI document, encoded."""
    schema: bytes
    """The answer of GET /schema, encoded."""


def gateway_of(connection: HttpRequest | Socket) -> Gateway:
    """Return the collaborators of the application a request came to."""
    gateway: Gateway = connection.app.state.gateway
    return gateway
