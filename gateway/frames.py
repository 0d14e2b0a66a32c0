"""Text frames in and out of a socket."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from gateway import problems
from gateway.context import Socket

NORMAL_CLOSE: Final = 1000


class SocketGone(Exception):
    """The other side has left; nobody is to blame."""


async def received_text(socket: Socket) -> str:
    """Return the next text frame.

    Raises:
        Refusal: SESSION_ERROR for a binary frame.
        SocketGone: When there will be no more.
    """
    message: Mapping[str, Any] = await socket.receive()
    if message["type"] != "websocket.receive":
        raise SocketGone
    text = message.get("text")
    if not isinstance(text, str):
        raise problems.binary_frame()
    return text


async def send_text(socket: Socket, body: bytes) -> None:
    """Send one text frame.

    Raises:
        SocketGone: If the other side has left.
    """
    try:
        await socket.send({"type": "websocket.send", "text": body.decode(), "bytes": None})
    except (OSError, RuntimeError) as error:
        raise SocketGone from error


async def hang_up(socket: Socket) -> None:
    """Close a socket in the normal way, if the other side is still there."""
    with suppress(OSError, RuntimeError):
        await socket.send({"type": "websocket.close", "code": NORMAL_CLOSE, "reason": ""})
