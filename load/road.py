"""The road to a session: a socket at one of the gateways, and another when that one breaks.

A frame is sent until it is answered by an observation. Steps carry a request id, so a frame whose
answer was lost with its socket is sent again as it is, on the next socket, and acts once.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from time import monotonic
from typing import Any, Final

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from gateway.wire import Envelope, ErrorFrame, ObservationFrame

OPEN_S: Final = 10.0
"""How long connecting may take before another gateway is tried, seconds."""
PAUSE_BOUNDS_S: Final = (0.05, 1.0)
"""First and longest pause after a lost socket, seconds."""
BROKEN: Final = (OSError, WebSocketException)
HANGS_UP: Final = frozenset({"SESSION_ERROR", "FACTORY_ERROR"})
"""Codes after which the server closes the socket."""
SLOT_PAUSE_S: Final = 0.25
"""How long to wait for a slot, or for the session's last socket to be let go, seconds."""
_REPLIES: Final = msgspec.json.Decoder(ObservationFrame | ErrorFrame)
_ENCODER: Final = msgspec.json.Encoder()


class NotAnswered(Exception):
    """A frame got no observation for an answer; the message says why."""


class Road:
    """The sockets of one session, one after the other.

    Args:
        urls: Of the gateways.
        first: Which of them to try first; counted round.
        answer_s: How long one answer may take, seconds.
    """

    def __init__(self, urls: Sequence[str], *, first: int, answer_s: float) -> None:
        self._urls = urls
        self._next = first
        self._answer_s = answer_s
        self._socket: ClientConnection | None = None
        self._is_resuming = False
        self.session_id = ""
        self.faults: Counter[str] = Counter()
        self.sockets_lost = 0
        self.resumed = 0

    async def asked(self, kind: str, data: dict[str, Any], *, within_s: float) -> Envelope:
        """Send a frame until it is answered.

        Raises:
            NotAnswered: If the server refused it for good, took too long for an answer, or went on
                refusing it or breaking off for `within_s` seconds.
        """
        frame = _ENCODER.encode({"type": kind, "data": data}).decode()
        give_up_s = monotonic() + within_s
        pause_s, longest_s = PAUSE_BOUNDS_S
        while True:
            try:
                reply = await self._exchanged(frame)
            except BROKEN:
                self._leave()
                self.sockets_lost += 1
                wait_s, why = pause_s, "no gateway answers"
                pause_s = min(longest_s, 2 * pause_s)
            else:
                if isinstance(reply, ObservationFrame):
                    return reply.data
                wait_s = self._heard(reply.data)
                why = str(reply.data.get("message"))
            if monotonic() + wait_s > give_up_s:
                raise NotAnswered(f"given up after {within_s:g} s: {why}")
            await asyncio.sleep(wait_s)

    async def close(self) -> None:
        """End the session, if the server is still there to be told."""
        if self._socket is not None:
            try:
                await self._socket.send('{"type": "close"}')
                async with asyncio.timeout(OPEN_S):
                    await self._socket.wait_closed()
            except (TimeoutError, *BROKEN):
                self.sockets_lost += 1
            self._leave()

    async def _exchanged(self, frame: str) -> ObservationFrame | ErrorFrame:
        if self._socket is None:
            self._socket = await self._opened()
        await self._socket.send(frame)
        try:
            async with asyncio.timeout(self._answer_s):
                text = await self._socket.recv(decode=False)
        except TimeoutError as error:
            raise NotAnswered(f"no answer within {self._answer_s:g} s") from error
        try:
            reply: ObservationFrame | ErrorFrame = _REPLIES.decode(text)
        except msgspec.DecodeError as error:
            raise NotAnswered(f"answered by no frame of OpenEnv's: {error}") from error
        if isinstance(reply, ObservationFrame) and self._is_resuming:
            self._is_resuming = False
            self.resumed += 1
        return reply

    async def _opened(self) -> ClientConnection:
        url = self._urls[self._next % len(self._urls)]
        self._next += 1
        if self.session_id:
            url = f"{url}?session_id={self.session_id}"
            self._is_resuming = True
        return await connect(
            url,
            compression=None,
            max_size=None,
            open_timeout=OPEN_S,
            ping_interval=None,
            proxy=None,
        )

    def _leave(self) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.transport.abort()

    def _heard(self, refusal: dict[str, Any]) -> float:
        """Note a refusal and return after how many seconds to ask again."""
        code, message = str(refusal.get("code")), str(refusal.get("message"))
        wait_s = float(refusal.get("retry_after_s", 0.0))
        is_full = code == "CAPACITY_REACHED"
        hangs_up = code in HANGS_UP or (is_full and not self.session_id)
        if hangs_up:
            self._leave()
            wait_s = wait_s or SLOT_PAUSE_S
        if not wait_s or "Unknown session_id" in message:
            raise NotAnswered(f"refused: {message}")
        self.faults[code if hangs_up else message.partition(";")[0]] += 1
        return wait_s
