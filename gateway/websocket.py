"""OpenEnv's socket, /ws: one socket, one session.

Frames are answered strictly one after the other. A socket that breaks off leaves its running
episode behind, and `/ws?session_id=` takes it up again; a step in hand is finished meanwhile. A
close frame ends the session at once.
"""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from itertools import count
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

import msgspec
import structlog
from litestar import websocket
from msgspec import UNSET
from msgspec.structs import replace

from gateway import problems
from gateway.context import Gateway, Socket, gateway_of
from gateway.episode import Answer
from gateway.faults import where_raised
from gateway.frames import Inbox, SocketGone, hang_up, send_text
from gateway.incoming import (
    StepRequest,
    action_of,
    frame_data,
    is_known_frame,
    request_id_of,
    reset_frame,
)
from gateway.mcp import answer_rpc
from gateway.problems import Refusal, StoreUnavailable
from gateway.request_ids import bind_request_id, current_request_id
from gateway.validation import NotJson, decode_json
from gateway.wire import (
    Envelope,
    ErrorFrame,
    ObservationFrame,
    RpcFrame,
    StateFrame,
)

_ENCODER: Final = msgspec.json.Encoder()
_UNREAD: Final = "unread"
"""What a frame is counted as whose type is not known."""

log = structlog.get_logger(__name__)


class Goodbye(Exception):
    """The client sent a close frame."""


@websocket("/ws")
async def environment_socket(socket: Socket) -> None:
    """Serve one socket until it ends."""
    gateway = gateway_of(socket)
    await socket.accept()
    gateway.metrics.socket_opened("/ws")
    socket_id = str(uuid4())
    try:
        session_id = await _opened_session(gateway, socket, socket_id)
    except Refusal as refusal:
        told = problems.not_made(refusal) if isinstance(refusal, StoreUnavailable) else refusal
        with suppress(SocketGone):
            await send_text(socket, _refused(told))
        await hang_up(socket)
        return
    inbox = Inbox(socket)
    said_goodbye, is_there = False, True
    try:
        await _converse(gateway, socket, inbox, session_id)
    except Goodbye:
        said_goodbye = True
    except SocketGone:
        is_there = False
    finally:
        await inbox.close()
        await gateway.sessions.detach(session_id, socket_id=socket_id, for_good=said_goodbye)
    if is_there:
        await hang_up(socket)


async def _opened_session(gateway: Gateway, socket: Socket, socket_id: str) -> str:
    named: str | None = socket.query_params.get("session_id")
    if not named:
        return await gateway.sessions.open(socket_id=socket_id)
    await gateway.sessions.attach(named, socket_id=socket_id)
    return named


async def _converse(gateway: Gateway, socket: Socket, inbox: Inbox, session_id: str) -> None:
    """Answer frame after frame, until one of them ends the session."""
    socket_request_id = current_request_id()
    for number in count(1):
        bind_request_id(f"{socket_request_id}.{number}")
        kind, answer, began_s = _UNREAD, "ok", perf_counter()
        try:
            text = await inbox.text()
            began_s = perf_counter()
            kind, data = _frame(gateway, text)
            reply = await inbox.unless_gone(_REPLIES[kind](gateway, session_id, data))
        except Refusal as refusal:
            answer, reply = refusal.code, _refused(refusal)
        except (Goodbye, SocketGone):
            raise
        except Exception as bug:  # noqa: BLE001 - one frame's bug must not end an episode
            answer, reply = "EXECUTION_ERROR", _bug_told(bug, session_id)
        gateway.metrics.frame_answered(kind=kind, answer=answer, took_s=perf_counter() - began_s)
        await send_text(socket, reply)
        if answer == "SESSION_ERROR":
            return


def _frame(gateway: Gateway, text: str) -> tuple[str, Any]:
    """Return the type and the data of a frame."""
    limit_bytes = gateway.settings.max_body_bytes
    size_bytes = len(text) if text.isascii() else len(text.encode())
    if size_bytes > limit_bytes:
        raise problems.frame_too_large(size_bytes, limit_bytes)
    try:
        frame = decode_json(text)
    except NotJson as error:
        raise problems.invalid_json_frame(error.sentence) from error
    if not isinstance(frame, dict):
        raise problems.frame_is_no_object(type(frame).__name__)
    kind = frame.get("type", "")
    if not is_known_frame(kind):
        raise problems.unknown_frame_type(kind)
    return kind, frame_data(frame)


def _bug_told(bug: Exception, session_id: str) -> bytes:
    log.error(
        "frame_failed",
        request_id=current_request_id(),
        session_id=session_id,
        error_type=type(bug).__name__,
        frames=where_raised(bug),
    )
    return _refused(problems.internal_error(current_request_id()))


async def _reset(gateway: Gateway, session_id: str, data: Any) -> bytes:
    wanted = replace(reset_frame(data), session_id=session_id)
    return _observed(await gateway.sessions.reset(wanted))


async def _step(gateway: Gateway, session_id: str, data: Any) -> bytes:
    action = action_of(data)
    wanted = StepRequest(action=action, request_id=request_id_of(action))
    return _observed(await gateway.sessions.step(session_id, wanted))


async def _state(gateway: Gateway, session_id: str, _: Any) -> bytes:
    return _ENCODER.encode(StateFrame(data=await gateway.sessions.state(session_id)))


async def _mcp(gateway: Gateway, session_id: str, data: Any) -> bytes:
    return _ENCODER.encode(RpcFrame(data=await answer_rpc(gateway, data, session_id=session_id)))


async def _close(_gateway: Gateway, _session_id: str, _: Any) -> bytes:
    raise Goodbye


def _observed(answer: Answer) -> bytes:
    turn = answer.turn
    envelope = Envelope(
        observation=turn.observation,
        reward=turn.reward,
        done=turn.done,
        metadata=turn.observation.metadata or UNSET,
    )
    return _ENCODER.encode(ObservationFrame(data=envelope))


def _refused(refusal: Refusal) -> bytes:
    data: dict[str, Any] = {"message": refusal.message, "code": refusal.code, **refusal.extra}
    if refusal.problems:
        data["errors"] = refusal.problems
    if refusal.retry_after_s and refusal.code == "EXECUTION_ERROR":
        data["retry_after_s"] = refusal.retry_after_s
    return _ENCODER.encode(ErrorFrame(data=data))


_REPLIES: Final[dict[str, Callable[[Gateway, str, Any], Coroutine[Any, Any, bytes]]]] = {
    "reset": _reset,
    "step": _step,
    "state": _state,
    "mcp": _mcp,
    "close": _close,
}
ROUTES: Final = (environment_socket,)
