"""The two roads of MCP's JSON-RPC: POST /mcp and WS /mcp."""

from contextlib import suppress
from itertools import count
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

import msgspec
from litestar import post, websocket
from litestar.response.base import ASGIResponse

from gateway.context import Gateway, HttpRequest, Socket, gateway_of
from gateway.frames import Inbox, SocketGone, hang_up, send_text
from gateway.mcp import PARSE_ERROR, answer_rpc, failure, refused
from gateway.problems import Refusal
from gateway.replies import json_reply
from gateway.request_ids import bind_request_id, current_request_id
from gateway.validation import NotJson, NotText, decode_json

RPC: Final = "rpc"
"""What a frame of /mcp is counted as; the method is the caller's word."""


@post("/mcp", status_code=200)
async def mcp(request: HttpRequest) -> ASGIResponse:
    """Answer one JSON-RPC request; HTTP always says 200."""
    try:
        asked = decode_json(await request.body())
    except (NotJson, NotText):
        return json_reply(failure(None, PARSE_ERROR, "Parse error"))
    return json_reply(await answer_rpc(gateway_of(request), asked))


@websocket("/mcp")
async def mcp_socket(socket: Socket) -> None:
    """Serve bare JSON-RPC frames; the socket has a session of its own."""
    gateway = gateway_of(socket)
    await socket.accept()
    gateway.metrics.socket_opened("/mcp")
    socket_id = str(uuid4())
    try:
        session_id = await gateway.sessions.open(socket_id=socket_id)
    except Refusal as refusal:
        await _dismiss(socket, refusal)
        return
    inbox = Inbox(socket)
    try:
        socket_request_id = current_request_id()
        for number in count(1):
            text = await inbox.text()
            bind_request_id(f"{socket_request_id}.{number}")
            began_s = perf_counter()
            answer = await _answered(gateway, session_id, text)
            told = "error" if "error" in answer else "ok"
            gateway.metrics.frame_answered(kind=RPC, answer=told, took_s=perf_counter() - began_s)
            await send_text(socket, msgspec.json.encode(answer))
    except SocketGone:
        pass
    except Refusal as refusal:
        await _dismiss(socket, refusal)
    finally:
        await inbox.close()
        await gateway.sessions.detach(session_id, socket_id=socket_id, for_good=True)


async def _dismiss(socket: Socket, refusal: Refusal) -> None:
    with suppress(SocketGone):
        await send_text(socket, msgspec.json.encode(refused(None, refusal)))
    await hang_up(socket)


async def _answered(gateway: Gateway, session_id: str, text: str) -> dict[str, Any]:
    if len(text) > gateway.settings.max_body_bytes:
        return failure(None, PARSE_ERROR, "Parse error: the frame is too large")
    try:
        asked = decode_json(text)
    except NotJson as error:
        return failure(None, PARSE_ERROR, f"Parse error: {error.sentence}")
    return await answer_rpc(gateway, asked, session_id=session_id)


ROUTES: Final = (mcp, mcp_socket)
