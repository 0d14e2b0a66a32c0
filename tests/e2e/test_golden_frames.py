"""The same requests to OpenEnv's own server and to ours get the same answer, to the field.

Observations and states differ in what they carry, so of those only the shape of the envelope is
compared. Where ours deliberately does more, the case says so by not being here.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.e2e.conftest import ClientPython
from tests.e2e.live import LiveServer, free_port, serving, stop, wait_until_healthy
from tests.tree import ROOT

CAPACITY = 4
REPLY_DEADLINE_S = 20.0
INVALID_REQUEST = -32600
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def real_url(client_python: ClientPython) -> Iterator[str]:
    port = free_port()
    script = ROOT / "tests" / "e2e" / "clients" / "real_server.py"
    process = subprocess.Popen(
        [client_python("openenv-0.10.0"), "-W", "ignore", script, str(port), str(CAPACITY)],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_healthy(url, deadline_s=60.0, process=process)
        yield url
    finally:
        stop(process)


@pytest.fixture
def our_url(simulation_server: LiveServer) -> str:
    return simulation_server.url


def normal(value: Any) -> Any:
    """Leave out what may differ: what is observed, Pydantic's version, its words for JSON-RPC."""
    if isinstance(value, dict):
        kept = {name: normal(part) for name, part in value.items()}
        if "observation" in kept:
            kept["observation"] = "…"
            kept["metadata"] = "…"
            kept["reward"] = None if kept["reward"] is None else "…"
        if kept.get("code") == INVALID_REQUEST:
            kept["message"] = kept["message"].split(":")[0]
        if "step_count" in kept:
            kept = {"episode_id": kept["episode_id"], "step_count": kept["step_count"]}
        return kept
    if isinstance(value, list):
        return [normal(part) for part in value]
    if isinstance(value, str):
        return re.sub(r"errors\.pydantic\.dev/[\d.]+/", "errors.pydantic.dev/N/", value)
    return value


def asked(url: str, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Any:
    """Send one request; give status, media type, Allow header and the normal form of the body."""
    reply = httpx.request(
        method, url + path, content=body, headers=headers, timeout=REPLY_DEADLINE_S
    )
    media_type = reply.headers.get("content-type", "").split(";")[0]
    answer = normal(reply.json()) if media_type == "application/json" else reply.text
    return reply.status_code, media_type, reply.headers.get("allow"), answer


def step(action: Any, **others: Any) -> bytes:
    """Encode a /step body."""
    return json.dumps({"action": action, **others}).encode()


LOOK = {"action_type": "analyze_code"}
REQUESTS: dict[str, tuple[str, str, bytes | None, dict[str, str]]] = {
    "reset-without-body": ("POST", "/reset", None, {}),
    "reset-empty": ("POST", "/reset", b"{}", JSON),
    "reset-seed": ("POST", "/reset", b'{"seed": 3}', JSON),
    "reset-seed-as-text": ("POST", "/reset", b'{"seed": "7"}', JSON),
    "reset-seed-negative": ("POST", "/reset", b'{"seed": -1}', JSON),
    "reset-seed-word": ("POST", "/reset", b'{"seed": "x"}', JSON),
    "reset-seed-fraction": ("POST", "/reset", b'{"seed": 1.5}', JSON),
    "reset-seed-null": ("POST", "/reset", b'{"seed": null}', JSON),
    "reset-label-number": ("POST", "/reset", b'{"episode_id": 5}', JSON),
    "reset-label-long": ("POST", "/reset", json.dumps({"episode_id": "e" * 256}).encode(), JSON),
    "reset-both-wrong": ("POST", "/reset", b'{"seed": -1, "episode_id": []}', JSON),
    "reset-not-json": ("POST", "/reset", b"{seed: 1}", JSON),
    "reset-cut-short": ("POST", "/reset", b'{"seed": ', JSON),
    "reset-array": ("POST", "/reset", b"[1]", JSON),
    "reset-text-plain": ("POST", "/reset", b"{}", {"content-type": "text/plain"}),
    "step-without-body": ("POST", "/step", None, {}),
    "step-empty": ("POST", "/step", b"{}", JSON),
    "step-not-json": ("POST", "/step", b"nope", JSON),
    "step-array": ("POST", "/step", b"[]", JSON),
    "step-action-null": ("POST", "/step", step(None), JSON),
    "step-action-list": ("POST", "/step", step([1]), JSON),
    "step-action-empty": ("POST", "/step", step({}), JSON),
    "step-action-unknown": ("POST", "/step", step({"action_type": "fly"}), JSON),
    "step-action-extra": ("POST", "/step", step({**LOOK, "bogus": 1}), JSON),
    "step-action-two-wrong": ("POST", "/step", step({"action_type": 1, "code": 2}), JSON),
    "step-code-number": ("POST", "/step", step({**LOOK, "code": 4}), JSON),
    "step-metadata-text": ("POST", "/step", step({**LOOK, "metadata": "x"}), JSON),
    "step-timeout-zero": ("POST", "/step", step(LOOK, timeout_s=0), JSON),
    "step-timeout-word": ("POST", "/step", step(LOOK, timeout_s="soon"), JSON),
    "step-request-id-long": ("POST", "/step", step(LOOK, request_id="r" * 256), JSON),
    "reset-by-get": ("GET", "/reset", None, {}),
    "step-by-put": ("PUT", "/step", b"{}", JSON),
    "state-by-post": ("POST", "/state", b"{}", JSON),
    "health": ("GET", "/health", None, {}),
    "health-by-post": ("POST", "/health", None, {}),
    "mcp-by-get": ("GET", "/mcp", None, {}),
    "mcp-empty": ("POST", "/mcp", b"{}", JSON),
    "mcp-not-json": ("POST", "/mcp", b"nope", JSON),
    "mcp-unknown-method": (
        "POST",
        "/mcp",
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/dance"}',
        JSON,
    ),
    "mcp-unknown-session": (
        "POST",
        "/mcp",
        b'{"jsonrpc":"2.0","id":1,"method":"openenv/session/close","params":{"session_id":"x"}}',
        JSON,
    ),
    "nowhere": ("GET", "/nowhere", None, {}),
}


@pytest.mark.parametrize("case", REQUESTS)
def test_a_request_gets_the_answer_of_openenvs_own_server(
    case: str, real_url: str, our_url: str
) -> None:
    request = REQUESTS[case]

    assert asked(our_url, *request) == asked(real_url, *request)


def conversation(url: str, frames: list[str | bytes]) -> list[Any]:
    """Send frames one by one; give the normal form of each reply, and how the socket closed."""
    said: list[Any] = []
    with connect(url.replace("http://", "ws://") + "/ws") as socket:
        try:
            for frame in frames:
                socket.send(frame)
                said.append(normal(json.loads(socket.recv(timeout=REPLY_DEADLINE_S))))
        except ConnectionClosed as closed:
            said.append(("closed", closed.rcvd.code if closed.rcvd else None))
    return said


RESET = '{"type":"reset","data":{"task_id":"syntax_fix_invoice_totals","episode_id":"g-1"}}'
STEP = '{"type":"step","data":{"action_type":"analyze_code"}}'
STATE = '{"type":"state"}'
CONVERSATIONS: dict[str, list[str | bytes]] = {
    "an-episode": [
        STATE,
        RESET,
        STATE,
        STEP,
        STATE,
        '{"type":"step","data":{"action_type":"submit_solution","metadata":{"k":"v"}}}',
        STATE,
        '{"type":"close"}',
    ],
    "reset-twice": [RESET, STEP, RESET, STATE],
    "reset-without-data": ['{"type":"reset"}', '{"type":"reset","data":{}}'],
    "reset-data-null": ['{"type":"reset","data":null}', STATE],
    "reset-data-list": ['{"type":"reset","data":[]}', STATE],
    "not-json": ["nope", "{", '{"type":', RESET],
    "unknown-type": ['{"type":"nope"}', "{}", '{"type":null}', STATE],
    "extra-key": ['{"type":"state","data":{}}', '{"type":"reset","data":{},"id":1}', STATE],
    "step-without-data": ['{"type":"step"}', '{"type":"step","data":null}'],
    "step-wrapped-as-over-http": [RESET, '{"type":"step","data":{"action":{}}}', STATE],
    "bad-actions": [
        RESET,
        '{"type":"step","data":{}}',
        '{"type":"step","data":{"action_type":"fly"}}',
        '{"type":"step","data":{"action_type":"run_tests","bogus":1}}',
        '{"type":"step","data":{"action_type":"edit_code","code":7}}',
        '{"type":"step","data":{"action_type":5,"code":7,"more":1}}',
        STATE,
    ],
    "a-list": ["[]", STATE],
    "a-number": ["5", STATE],
    "a-binary-frame": [b'{"type":"state"}', STATE],
    "a-close": ['{"type":"close"}'],
    "mcp-without-data": ['{"type":"mcp"}', '{"type":"mcp","data":{}}'],
}


@pytest.mark.parametrize("case", CONVERSATIONS)
def test_a_conversation_goes_as_with_openenvs_own_server(
    case: str, real_url: str, our_url: str
) -> None:
    frames = CONVERSATIONS[case]

    assert conversation(our_url, frames) == conversation(real_url, frames)


def refused_at_capacity(url: str) -> tuple[Any, int | None]:
    """Open one socket too many; give the frame it gets and the code it is closed with."""
    socket_url = url.replace("http://", "ws://") + "/ws"
    with ExitStack() as held:
        for _ in range(CAPACITY):
            socket = held.enter_context(connect(socket_url))
            socket.send(STATE)
            socket.recv(timeout=REPLY_DEADLINE_S)
        extra = held.enter_context(connect(socket_url))
        frame = json.loads(extra.recv(timeout=REPLY_DEADLINE_S))
        with pytest.raises(ConnectionClosed) as closed:
            extra.recv(timeout=REPLY_DEADLINE_S)
    received = closed.value.rcvd
    return frame, received.code if received else None


def test_a_socket_too_many_is_told_so_and_closed(real_url: str) -> None:
    with serving({"MAX_CONCURRENT_ENVS": str(CAPACITY)}) as ours:
        assert refused_at_capacity(ours.url) == refused_at_capacity(real_url)


def test_an_unknown_session_is_refused_as_openenvs_own_server_does(
    real_url: str, our_url: str
) -> None:
    def refusal(url: str) -> Any:
        with connect(url.replace("http://", "ws://") + "/ws?session_id=nope") as socket:
            return json.loads(socket.recv(timeout=REPLY_DEADLINE_S))["data"]["code"]

    assert refusal(our_url) == refusal(real_url) == "SESSION_ERROR"


def test_the_openapi_document_names_the_same_routes(real_url: str, our_url: str) -> None:
    def described(url: str) -> dict[str, Any]:
        document: dict[str, Any] = httpx.get(f"{url}/openapi.json").json()
        return document

    real, ours = described(real_url), described(our_url)
    shared = {"/reset", "/step", "/state", "/health", "/metadata", "/schema", "/mcp"}

    assert ours["info"]["version"] == real["info"]["version"]
    assert shared <= set(real["paths"])
    for path in shared:
        assert set(real["paths"][path]) == set(ours["paths"][path])


def test_the_schemas_have_the_same_skeleton(real_url: str, our_url: str) -> None:
    real = httpx.get(f"{real_url}/schema").json()
    ours = httpx.get(f"{our_url}/schema").json()

    assert {"action", "observation", "state"} <= set(ours)
    assert ours["action"]["title"] == real["action"]["title"] == "PythonCodeReviewAction"
    assert ours["action"]["additionalProperties"] is False
    assert ours["action"]["required"] == real["action"]["required"]
    assert set(ours["action"]["properties"]) == set(real["action"]["properties"])
    assert set(real["observation"]["properties"]) <= set(ours["observation"]["properties"])
    assert set(real["state"]["properties"]) <= set(ours["state"]["properties"])
