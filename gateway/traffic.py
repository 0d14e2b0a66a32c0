"""What happens to every request on its way in and out: it gets an id, is counted and timed."""

import asyncio
from time import perf_counter
from typing import Final

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from gateway.metrics import Metrics
from gateway.request_ids import REQUEST_ID_HEADER, bind_request_id, request_id_of

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "other"
"""What a method is counted as that is none of HTTP's, and a path that leads nowhere."""
_HEADER: Final = REQUEST_ID_HEADER.encode()
_BEGAN: Final = "began_s"


def note_request(app: ASGIApp) -> ASGIApp:
    """Wrap an application so that what it does for a request is logged under its id, and timed."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"][_BEGAN] = perf_counter()
        bind_request_id(request_id_of(scope))
        await app(scope, receive, send)

    return middleware


async def note_answer(message: Message, scope: Scope) -> None:
    """Give an answer the id of its request; count and time what goes over HTTP.

    A request that no route takes has met no middleware: it is not timed.
    """
    if message["type"] == "http.response.start" or message["type"] == "websocket.accept":
        header = (_HEADER, request_id_of(scope).encode())
        message["headers"] = [*message.get("headers", ()), header]
    if message["type"] == "http.response.start":
        began_s = scope["state"].get(_BEGAN)
        took_s = None if began_s is None else perf_counter() - began_s
        asyncio.get_running_loop().call_soon(_count, scope, message["status"], took_s)


def _count(scope: Scope, status: int, took_s: float | None) -> None:
    """Count and time an answer that is on its way."""
    metrics: Metrics = scope["litestar_app"].state.gateway.metrics
    method = scope.get("method")
    route = scope.get("path_template") or OTHER
    metrics.answered(method=method if method in METHODS else OTHER, route=route, status=status)
    if took_s is not None:
        metrics.took(route, took_s)
