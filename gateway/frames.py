"""Text frames in and out of a socket."""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from typing import Any, Final

import structlog

from gateway import problems
from gateway.context import Socket
from gateway.faults import where_raised
from gateway.problems import Refusal

NORMAL_CLOSE: Final = 1000
_FRAME: Final = "websocket.receive"
_LEFT_BEHIND: Final[set["asyncio.Task[bytes]"]] = set()
"""Work whose socket has left; asyncio itself would forget it."""

log = structlog.get_logger(__name__)


class SocketGone(Exception):
    """The other side has left; nobody is to blame."""


class Inbox:
    """The frames of one socket, read one ahead: who leaves in mid-answer is missed at once.

    Args:
        socket: Accepted already.
    """

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._coming: asyncio.Future[Mapping[str, Any]] | None = None

    async def text(self) -> str:
        """Return the next text frame.

        Raises:
            Refusal: SESSION_ERROR for a binary frame.
            SocketGone: When there will be no more.
        """
        message = await self._next()
        self._coming = None
        if message["type"] != _FRAME:
            raise SocketGone
        text = message.get("text")
        if not isinstance(text, str):
            raise problems.binary_frame()
        return text

    async def unless_gone(self, work: Coroutine[Any, Any, bytes]) -> bytes:
        """Return what some work comes to, done to its end even if the other side leaves meanwhile.

        Raises:
            SocketGone: As soon as the other side has left.
        """
        doing, coming = asyncio.create_task(work), self._next()
        awaited: set[asyncio.Future[Any]] = {doing, coming}
        try:
            await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
            if doing.done() or not _tells_end(coming):
                return await doing
        except asyncio.CancelledError:
            doing.cancel()
            raise
        _LEFT_BEHIND.add(doing)
        doing.add_done_callback(_end_unheard)
        raise SocketGone

    def _next(self) -> "asyncio.Future[Mapping[str, Any]]":
        if self._coming is None:
            self._coming = asyncio.ensure_future(self._socket.receive())
        return self._coming

    async def close(self) -> None:
        """Read no further."""
        if self._coming is not None:
            self._coming.cancel()
            await asyncio.wait({self._coming})


def _tells_end(coming: "asyncio.Future[Mapping[str, Any]]") -> bool:
    return coming.exception() is not None or coming.result()["type"] != _FRAME


def _end_unheard(work: "asyncio.Task[bytes]") -> None:
    _LEFT_BEHIND.discard(work)
    fault = None if work.cancelled() else work.exception()
    if fault is not None and not isinstance(fault, Refusal):
        log.error("frame_failed", error_type=type(fault).__name__, frames=where_raised(fault))


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
