"""One episode's socket to an environment server, in the frames of OpenEnv."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Literal, Self

import msgspec
from msgspec import Struct
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from agents.address import ServerAddress
from gateway.wire import Envelope, ErrorFrame, ObservationFrame, PythonCodeReviewAction

OPEN_TIMEOUT_S: Final = 10.0
REPLY_TIMEOUT_S: Final = 65.0
"""A server answers within 60 s. Source: openenv 0.10.0, EnvClient's message timeout."""
CLOSE_TIMEOUT_S: Final = 2.0
FRAME_LIMIT_BYTES: Final = 100 * 1024 * 1024
"""Source: openenv 0.10.0, EnvClient's largest message."""
PAUSES_S: Final = (0.5, 1.0, 2.0)
"""Pauses before asking again what cost no step: a full server, or one that failed to grade."""
CAPACITY_REACHED: Final = "CAPACITY_REACHED"
NO_SESSION: Final = frozenset({CAPACITY_REACHED, "FACTORY_ERROR"})
COSTS_NO_STEP: Final = NO_SESSION | {"EXECUTION_ERROR"}


class EnvFault(Exception):
    """The server is gone, silent or does not speak OpenEnv; the server's side is to blame."""


class EnvRefused(EnvFault):
    """The server answered with an error frame."""

    def __init__(self, *, message: str, code: str) -> None:
        super().__init__(f"the server says: {message} ({code})")
        self.code = code


class _Frame(Struct, frozen=True, kw_only=True):
    """What is sent: the bare action is a step's data."""

    type: Literal["reset", "step"]
    data: dict[str, Any]


class EnvSession:
    """One socket, one session, one episode. Use it as a context; opened by `reset`."""

    def __init__(self, address: ServerAddress, *, reply_timeout_s: float = REPLY_TIMEOUT_S) -> None:
        """Remember where to connect to."""
        self._address = address
        self._reply_timeout_s = reply_timeout_s
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._hang_up()

    async def reset(self, *, task_id: str, seed: int | None) -> Envelope:
        """Begin an episode of a task; a server that has no session for us is asked a few times.

        Raises:
            EnvFault: If there is no answer, or a refusal.
        """
        wanted: dict[str, Any] = {"task_id": task_id}
        if seed is not None:
            wanted["seed"] = seed
        frame = _Frame(type="reset", data=wanted)
        for pause_s in PAUSES_S:
            try:
                return await self._asked(frame)
            except EnvRefused as refusal:
                if refusal.code not in NO_SESSION:
                    raise
            await self._hang_up()
            await asyncio.sleep(pause_s)
        return await self._asked(frame)

    async def step(self, action: PythonCodeReviewAction) -> Envelope:
        """Act once; what the server failed to do, at the cost of no step, is asked again.

        Raises:
            EnvFault: If there is no answer, or a refusal.
        """
        frame = _Frame(type="step", data=msgspec.to_builtins(action))
        for pause_s in PAUSES_S:
            try:
                return await self._asked(frame)
            except EnvRefused as refusal:
                if refusal.code not in COSTS_NO_STEP:
                    raise
            await asyncio.sleep(pause_s)
        return await self._asked(frame)

    async def _asked(self, frame: _Frame) -> Envelope:
        try:
            async with asyncio.timeout(self._reply_timeout_s):
                socket = self._socket or await self._connected()
                return await self._exchanged(socket, frame)
        except TimeoutError as error:
            raise EnvFault(
                f"{self._address.shown} did not answer {frame.type} in {self._reply_timeout_s:g} s"
            ) from error

    async def _connected(self) -> ClientConnection:
        try:
            self._socket = await connect(
                self._address.socket_url,
                open_timeout=OPEN_TIMEOUT_S,
                close_timeout=CLOSE_TIMEOUT_S,
                max_size=FRAME_LIMIT_BYTES,
                proxy=None if self._address.is_loopback else True,
            )
        except (OSError, InvalidHandshake, InvalidURI) as error:
            raise EnvFault(f"cannot open {self._address.shown}/ws: {error}") from error
        return self._socket

    async def _exchanged(self, socket: ClientConnection, frame: _Frame) -> Envelope:
        try:
            # A server that is full says so and hangs up before it reads anything.
            with suppress(ConnectionClosed):
                await socket.send(msgspec.json.encode(frame).decode())
            received = await socket.recv()
        except ConnectionClosed as error:
            raise EnvFault(f"{self._address.shown} closed the socket: {error}") from error
        try:
            reply = msgspec.json.decode(received, type=ObservationFrame | ErrorFrame)
        except msgspec.MsgspecError as error:
            raise EnvFault(
                f"{self._address.shown} sent what is no observation of this environment: {error}"
            ) from error
        if isinstance(reply, ErrorFrame):
            raise EnvRefused(
                message=str(reply.data.get("message", "no reason")),
                code=str(reply.data.get("code", "no code")),
            )
        return reply.data

    async def _hang_up(self) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            with suppress(ConnectionClosed):
                await socket.send('{"type":"close"}')
            await socket.close()
