"""A plain client of the socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.unit.gateway.examples import EASY

DEADLINE_S = 10.0
NORMAL = 1000


@asynccontextmanager
async def socket_at(address: str, path: str = "/ws") -> AsyncIterator[ClientConnection]:
    async with connect(f"ws://{address}{path}", compression=None) as socket:
        yield socket


async def asked(socket: ClientConnection, frame: Any) -> Any:
    await socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))
    async with asyncio.timeout(DEADLINE_S):
        return json.loads(await socket.recv())


async def step(socket: ClientConnection, action_type: str, code: str | None = None) -> Any:
    action = {"action_type": action_type, "code": code}
    return await asked(socket, {"type": "step", "data": action})


async def closing_code(socket: ClientConnection) -> int | None:
    with pytest.raises(ConnectionClosed) as closed:
        async with asyncio.timeout(DEADLINE_S):
            await socket.recv()
    return closed.value.rcvd.code if closed.value.rcvd else None


RESET = {"type": "reset", "data": {"task_id": EASY.id, "episode_id": "ep"}}


STATE = {"type": "state"}


async def occupied(address: str) -> tuple[int, int]:
    """Return how many sessions are active and parked."""
    async with httpx.AsyncClient() as client:
        load = (await client.get(f"http://{address}/readyz")).json()["load"]
    return load["sessions_active"], load["sessions_parked"]


async def until_occupied(address: str, expected: tuple[int, int]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while await occupied(address) != expected:  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.01)
