"""A plain client over HTTP."""

from typing import Any

import httpx

from tests.unit.gateway.examples import Parts

Client = httpx.AsyncClient


def concurrent_client(parts: Parts) -> Client:
    """Return a client whose requests run at the same time, unlike Litestar's own."""
    transport = httpx.ASGITransport(parts.app)  # type: ignore[arg-type] # Litestar's own types
    return Client(transport=transport, base_url="http://127.0.0.1")


async def reset(client: Client, **wanted: Any) -> str:
    reply = await client.post("/reset", json=wanted)
    assert reply.status_code == httpx.codes.OK, reply.text
    return str(reply.headers["x-session-id"])


async def step(
    client: Client, action_type: str, code: str | None = None, **more: Any
) -> httpx.Response:
    action = {"action_type": action_type, "code": code}
    return await client.post("/step", json={"action": action, **more})
