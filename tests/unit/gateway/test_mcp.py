"""MCP's JSON-RPC over HTTP, its own socket, and frames of /ws."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from litestar.exceptions import WebSocketDisconnect
from litestar.testing import AsyncTestClient, TestClient

from gateway.wire import ACTION_TYPES
from tests.unit.gateway.examples import EASY, MEDIUM, assembled, fares

Client = AsyncTestClient[Any]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with AsyncTestClient(assembled(max_concurrent_envs=2).app) as client:
        yield client


@pytest.fixture
def socket_client() -> Iterator[TestClient[Any]]:
    with TestClient(assembled().app) as client:
        yield client


def request(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": method, "id": 7, "params": params}


async def asked(client: Client, method: str, **params: Any) -> dict[str, Any]:
    answer: dict[str, Any] = (await client.post("/mcp", json=request(method, **params))).json()
    assert (answer["jsonrpc"], answer["id"]) == ("2.0", 7)
    assert ("result" in answer) != ("error" in answer)
    return answer


async def test_the_tools_are_the_actions(client: Client) -> None:
    tools = (await asked(client, "tools/list"))["result"]["tools"]

    assert tuple(tool["name"] for tool in tools) == ACTION_TYPES
    assert tools[1]["inputSchema"]["required"] == ["code"]


async def test_tools_play_an_episode_in_a_session(client: Client) -> None:
    session_id = (await asked(client, "openenv/session/create"))["result"]["session_id"]

    edited = await asked(
        client,
        "tools/call",
        name="edit_code",
        arguments={"code": fares()},
        session_id=session_id,
    )
    submitted = await asked(client, "tools/call", name="submit_solution", session_id=session_id)
    closed = await asked(client, "openenv/session/close", session_id=session_id)

    assert set(edited["result"]) == {"content", "structured_content", "meta", "data", "is_error"}
    assert "2 of 2 passed" in edited["result"]["content"][0]["text"]
    assert submitted["result"]["data"]["done"] is True
    assert submitted["result"]["data"]["observation"]["success"] is True
    assert closed["result"] == {"session_id": session_id, "closed": True}


async def test_a_call_without_a_session_acts_on_the_default_one(client: Client) -> None:
    await client.post("/reset", json={"task_id": MEDIUM.id})

    called = await asked(client, "tools/call", name="run_tests")

    assert called["result"]["data"]["observation"]["task_id"] == MEDIUM.id


async def test_an_invalid_action_is_a_result_that_says_so(client: Client) -> None:
    called = await asked(client, "tools/call", name="edit_code", arguments={"code": " "})

    assert called["result"]["is_error"] is True
    assert "complete new source" in called["result"]["content"][0]["text"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, -32602),
        ({"name": "fly"}, -32603),
        ({"name": "run_tests", "session_id": "nope"}, -32602),
        ({"name": "run_tests", "session_id": 5}, -32602),
        ({"name": "run_tests", "arguments": [1]}, -32603),
        ({"name": "edit_code", "arguments": {"code": 5}}, -32603),
        ({"name": "edit_code", "arguments": {"bogus": 5}}, -32603),
        ({"name": ["run_tests"]}, -32603),
    ],
)
async def test_a_call_in_vain_says_why(client: Client, params: dict[str, Any], code: int) -> None:
    answer = await asked(client, "tools/call", **params)

    assert answer["error"]["code"] == code
    assert answer["error"]["message"]


async def test_sessions_are_counted(client: Client) -> None:
    for _ in range(2):
        await asked(client, "openenv/session/create")

    full = await asked(client, "openenv/session/create")

    assert full["error"]["code"] == -32000
    assert full["error"]["data"] == {"active_sessions": 2, "max_sessions": 2}


async def test_the_handshake_of_mcp_is_answered(client: Client) -> None:
    began = await asked(client, "initialize", protocolVersion="2025-06-18")

    assert began["result"]["protocolVersion"] == "2025-06-18"
    assert began["result"]["serverInfo"]["name"] == "python_code_review_env"
    assert (await asked(client, "ping"))["result"] == {}


def test_a_session_made_by_http_is_shared_with_a_socket_and_outlives_it(
    socket_client: TestClient[Any],
) -> None:
    def rpc(method: str, **params: Any) -> Any:
        return socket_client.post("/mcp", json=request(method, **params)).json()

    session_id = rpc("openenv/session/create")["result"]["session_id"]
    with socket_client.websocket_connect(f"/ws?session_id={session_id}") as socket:
        socket.send_json({"type": "reset", "data": {"task_id": MEDIUM.id}})
        socket.receive_json()
        called = rpc("tools/call", name="run_tests", session_id=session_id)
        socket.send_json({"type": "state"})
        state = socket.receive_json()["data"]
        socket.send_json({"type": "close"})
        with pytest.raises(WebSocketDisconnect):
            socket.receive_json()
    closed = rpc("openenv/session/close", session_id=session_id)

    assert called["result"]["data"]["observation"]["task_id"] == MEDIUM.id
    assert state["step_count"] == 1
    assert closed["result"]["closed"] is True


def test_a_session_closed_under_its_socket_goes_with_the_socket(
    socket_client: TestClient[Any],
) -> None:
    with socket_client.websocket_connect("/ws") as socket:
        socket.send_json({"type": "reset"})
        session_id = socket.receive_json()["data"]["metadata"]["session_id"]
        close = request("openenv/session/close", session_id=session_id)
        closing = socket_client.post("/mcp", json=close).json()
        socket.send_json({"type": "state"})
        assert socket.receive_json()["type"] == "state"
    reply = socket_client.get("/state", params={"session_id": session_id})

    assert closing["result"] == {"session_id": session_id, "closed": False, "closing": True}
    assert reply.status_code == 404


def test_the_mcp_socket_has_a_session_of_its_own(socket_client: TestClient[Any]) -> None:
    with socket_client.websocket_connect("/mcp") as socket:
        socket.send_json(request("openenv/session/create"))
        session_id = socket.receive_json()["result"]["session_id"]
        socket.send_json(request("tools/call", name="run_tests"))
        called = socket.receive_json()
        socket.send_text("{")
        unparsed = socket.receive_json()
    reply = socket_client.get("/state", params={"session_id": session_id})

    assert called["result"]["data"]["observation"]["task_id"] == EASY.id
    assert unparsed["error"]["code"] == -32700
    assert reply.status_code == 404


def test_mcp_frames_act_on_the_sockets_session(socket_client: TestClient[Any]) -> None:
    with socket_client.websocket_connect("/ws") as socket:
        socket.send_json({"type": "reset", "data": {"task_id": MEDIUM.id}})
        began = socket.receive_json()
        socket.send_json({"type": "mcp", "data": request("openenv/session/create")})
        created = socket.receive_json()
        socket.send_json({"type": "mcp", "data": request("tools/call", name="run_tests")})
        called = socket.receive_json()

    session_id = began["data"]["metadata"]["session_id"]
    assert created == {
        "type": "mcp",
        "data": {"jsonrpc": "2.0", "id": 7, "result": {"session_id": session_id}},
    }
    assert called["data"]["result"]["data"]["observation"]["task_id"] == MEDIUM.id
