"""Turns answers, refusals and faults into HTTP responses of OpenEnv's shapes."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog
from litestar import Response
from litestar.exceptions import HTTPException
from litestar.response.base import ASGIResponse

from gateway.context import HttpRequest
from gateway.episode import Answer
from gateway.faults import where_raised
from gateway.methods import allowed
from gateway.problems import Refusal
from gateway.request_ids import request_id_of
from gateway.wire import SESSION_HEADER, Envelope

JSON: Final = "application/json"
_ENCODER: Final = msgspec.json.Encoder()
_CLIENT_GONE: Final = "client disconnected prematurely"
"""Litestar's words, and its status is 500, for a body that breaks off."""

log = structlog.get_logger(__name__)


def json_reply(
    value: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> ASGIResponse:
    """Answer with a value as JSON."""
    return raw_reply(_ENCODER.encode(value), status=status, headers=headers)


def raw_reply(
    body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> ASGIResponse:
    """Answer with JSON that is already encoded."""
    return ASGIResponse(body=body, status_code=status, media_type=JSON, headers=dict(headers or {}))


def page_reply(page: str) -> ASGIResponse:
    """Answer with an HTML page that loads nothing from elsewhere."""
    return ASGIResponse(
        body=page.encode(),
        media_type="text/html; charset=utf-8",
        headers={
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            "X-Content-Type-Options": "nosniff",
        },
    )


def turn_reply(answer: Answer) -> ASGIResponse:
    """Answer a reset or a step; HTTP always has `metadata`, null when there is none."""
    turn = answer.turn
    phases = answer.phases
    envelope = Envelope(
        observation=turn.observation,
        reward=turn.reward,
        done=turn.done,
        metadata=turn.observation.metadata or None,
    )
    timing = (
        f"queue;dur={phases.queue_s * 1e3:.3f}, sandbox;dur={phases.sandbox_s * 1e3:.3f}, "
        f"judge;dur={phases.judge_s * 1e3:.3f}"
    )
    return raw_reply(
        _ENCODER.encode(envelope),
        headers={SESSION_HEADER: answer.session_id, "Server-Timing": timing},
    )


def answer_refusal(_: HttpRequest, refusal: Refusal) -> Response[bytes]:
    """Answer with a refusal: `detail` is a list of problems, or the message."""
    advised = f"{refusal.message.rstrip('.')}. {refusal.advice}" if refusal.advice else None
    detail: Any = refusal.problems or advised or refusal.message
    headers = {"Retry-After": str(refusal.retry_after_s)} if refusal.retry_after_s else {}
    return _response({"detail": detail}, status=refusal.status, headers=headers)


def answer_http_exception(request: HttpRequest, error: HTTPException) -> Response[bytes]:
    """Answer what Litestar refuses by itself in the shape of OpenEnv's server."""
    if error.detail == _CLIENT_GONE:
        return _response(
            {"detail": "The body broke off"}, status=HTTPStatus.BAD_REQUEST, headers={}
        )
    detail = HTTPStatus(error.status_code).phrase
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        detail = "The body is larger than MAX_BODY_BYTES allows"
    elif error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return answer_bug(request, error)
    headers = {
        name: allowed(value) if name.lower() == "allow" else value
        for name, value in (error.headers or {}).items()
    }
    return _response({"detail": detail}, status=error.status_code, headers=headers)


def answer_bug(request: HttpRequest, error: Exception) -> Response[bytes]:
    """Answer a bug with the request's id, under which the log tells more."""
    request_id = request_id_of(request.scope)
    log.error(
        "request_failed",
        request_id=request_id,
        method=request.scope["method"],
        route=request.scope.get("path_template", ""),
        error_type=type(error).__name__,
        frames=where_raised(error),
    )
    return _response(
        {"detail": "Internal Server Error", "request_id": request_id},
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        headers={},
    )


def _response(value: object, *, status: int, headers: dict[str, str]) -> Response[bytes]:
    return Response(
        content=_ENCODER.encode(value), status_code=status, media_type=JSON, headers=headers
    )
