"""Refusals have the status, shape and words recorded of OpenEnv's own server.

`openenv_0_10_0.json` holds what openenv 0.10.0 (FastAPI 0.165, pydantic 2.14) answered for an
environment with the same action class; answers that depend on the environment are not in it. A test
under tests/e2e asks the real server again.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import jsonschema
import msgspec
import pytest
from litestar.exceptions import WebSocketDisconnect
from litestar.testing import AsyncTestClient, TestClient

from gateway.schema import wire_schemas
from gateway.wire import PythonCodeReviewObservation
from tests.unit.gateway.examples import EASY, TIMED, assembled, fares, times_out

RECORDED: Final = msgspec.json.decode((Path(__file__).parent / "openenv_0_10_0.json").read_bytes())
INVALID_REQUEST: Final = -32600


@pytest.fixture
async def client() -> AsyncIterator[AsyncTestClient[Any]]:
    async with AsyncTestClient(assembled().app) as client:
        yield client


@pytest.fixture
def socket_client() -> Iterator[TestClient[Any]]:
    with TestClient(assembled(max_concurrent_envs=1).app) as client:
        yield client


def normal(answer: Any) -> Any:
    """Leave out pydantic's report of a bad JSON-RPC request, which is prose."""
    rpc = answer.get("data", answer) if isinstance(answer, dict) else {}
    error = rpc.get("error")
    if isinstance(error, dict) and error["code"] == INVALID_REQUEST:
        error["message"] = error["message"].split(":")[0]
    return answer


def named(case: dict[str, Any]) -> str:
    return f"{case['method']} {case['path']} {str(case['body'])[:60]}"


@pytest.mark.parametrize("case", RECORDED["http"], ids=named)
async def test_a_request_is_refused_as_recorded(
    client: AsyncTestClient[Any], case: dict[str, Any]
) -> None:
    reply = await client.request(
        case["method"], case["path"], content=case["body"], headers=case["headers"]
    )

    assert reply.status_code == case["status"]
    assert reply.headers.get("allow") == case["allow"]
    if case["answer"] is not None:
        assert reply.headers["content-type"] == "application/json"
        assert normal(reply.json()) == normal(case["answer"])


@pytest.mark.parametrize("case", RECORDED["frames"], ids=lambda case: case["frame"][:60])
def test_a_frame_is_refused_as_recorded(
    socket_client: TestClient[Any], case: dict[str, Any]
) -> None:
    with socket_client.websocket_connect("/ws") as socket:
        socket.send_text(case["frame"])
        refused = socket.receive_json()
        socket.send_text('{"type": "state"}')
        still_there = socket.receive_json()

    assert normal(refused) == normal(case["answer"])
    assert still_there["type"] == "state"


@pytest.mark.parametrize(
    ("frame", "words"),
    [("[]", "'list'"), ("5", "'int'"), ("null", "'NoneType'"), ('"x"', "'str'"), (b"{}", "'text'")],
)
def test_a_frame_that_is_no_object_ends_the_socket(
    socket_client: TestClient[Any], frame: str | bytes, words: str
) -> None:
    with socket_client.websocket_connect("/ws") as socket:
        if isinstance(frame, bytes):
            socket.send_bytes(frame)
        else:
            socket.send_text(frame)
        refused = socket.receive_json()
        with pytest.raises(WebSocketDisconnect) as ended:
            socket.receive()

    assert refused["type"] == "error"
    assert refused["data"]["code"] == "SESSION_ERROR"
    assert words in refused["data"]["message"]
    assert ended.value.code == 1000


def test_a_socket_too_many_gets_the_recorded_frame(socket_client: TestClient[Any]) -> None:
    with (
        socket_client.websocket_connect("/ws"),
        socket_client.websocket_connect("/ws") as second,
        socket_client.websocket_connect("/mcp") as third,
    ):
        told, told_by_rpc = second.receive_json(), third.receive_json()

    message = "Server at capacity: 1/1 sessions active. Cannot accept new connections."
    assert told == {
        "type": "error",
        "data": {
            "message": message,
            "code": "CAPACITY_REACHED",
            "active_sessions": 1,
            "max_sessions": 1,
        },
    }
    assert told_by_rpc["error"] == {
        "code": -32000,
        "message": message,
        "data": {"active_sessions": 1, "max_sessions": 1},
    }


def test_an_unknown_session_gets_the_recorded_frame(socket_client: TestClient[Any]) -> None:
    with socket_client.websocket_connect("/ws?session_id=nope") as socket:
        told = socket.receive_json()
        with pytest.raises(WebSocketDisconnect) as ended:
            socket.receive()

    assert told == {
        "type": "error",
        "data": {"message": "Unknown session_id: nope", "code": "SESSION_ERROR"},
    }
    assert ended.value.code == 1000


def test_the_published_schemas_are_schemas() -> None:
    for schema in wire_schemas().values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_the_action_schema_is_what_clients_look_for() -> None:
    action = wire_schemas()["action"]

    assert action["title"] == "PythonCodeReviewAction"
    assert action["additionalProperties"] is False
    assert action["required"] == ["action_type"]
    assert action["properties"]["action_type"]["enum"] == [
        "analyze_code",
        "edit_code",
        "run_tests",
        "submit_solution",
    ]
    assert set(action["properties"]) == {"action_type", "code", "metadata"}


async def test_real_traffic_keeps_to_the_published_schemas(client: AsyncTestClient[Any]) -> None:
    schemas = (await client.get("/schema")).json()
    observed = jsonschema.Draft202012Validator(schemas["observation"])
    envelopes = [(await client.post("/reset", json={"task_id": TIMED.id})).json()]
    for action_type, code in [
        ("analyze_code", None),
        ("run_tests", None),
        ("edit_code", None),
        ("edit_code", times_out()),
        ("edit_code", fares(public=1)),
        ("submit_solution", fares()),
    ]:
        body = {"action": {"action_type": action_type, "code": code}}
        envelopes.append((await client.post("/step", json=body)).json())
    state = (await client.get("/state")).json()

    for envelope in envelopes:
        beside = {"reward": envelope["reward"], "done": envelope["done"]}
        observed.validate({**envelope["observation"], **beside})
    jsonschema.validate(state, schemas["state"], cls=jsonschema.Draft202012Validator)


async def test_an_observation_has_every_promised_field(client: AsyncTestClient[Any]) -> None:
    observation = (await client.post("/reset", json={"task_id": EASY.id})).json()["observation"]

    promised = (
        "task_id title difficulty task_kind task_description current_code errors test_results "
        "visible_tests history attempts_remaining last_action_status last_action_error score "
        "reward_details metadata"
    )
    assert set(promised.split()) <= set(observation)
    assert {*observation, "done", "reward"} == set(PythonCodeReviewObservation.__struct_fields__)


async def test_health_is_what_validators_look_for(client: AsyncTestClient[Any]) -> None:
    health = await client.get("/health")
    metadata = (await client.get("/metadata")).json()
    document = (await client.get("/openapi.json")).json()

    assert health.json() == {"status": "healthy"}
    assert health.status_code == httpx.codes.OK
    assert set(metadata) == {
        "name",
        "description",
        "readme_content",
        "version",
        "author",
        "documentation_url",
    }
    assert document["info"]["version"] == "1.0.0"
    assert {"/reset", "/step", "/state"} <= set(document["paths"])


async def test_production_serves_no_episodes_over_http() -> None:
    async with AsyncTestClient(assembled(openenv_mode="production").app) as client:
        replies = [
            await client.post("/reset", json={}),
            await client.post("/step", json={}),
            await client.get("/state"),
        ]
        document = (await client.get("/openapi.json")).json()

    assert [reply.status_code for reply in replies] == [httpx.codes.NOT_FOUND] * 3
    assert replies[0].json() == {"detail": "Not Found"}
    assert not {"/reset", "/step", "/state"} & set(document["paths"])


def test_production_plays_by_socket() -> None:
    with (
        TestClient(assembled(openenv_mode="production").app) as client,
        client.websocket_connect("/ws") as socket,
    ):
        socket.send_json({"type": "reset"})
        assert socket.receive_json()["type"] == "observation"
