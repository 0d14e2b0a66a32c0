"""Whatever is sent by socket, faults of ours included: no bug is answered, none is logged."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from websockets.exceptions import ConnectionClosedOK
from websockets.sync.client import connect

from gateway.wire import ActionType
from tests.unit.gateway.examples import BROKEN, FAULT, assembled, fares, serving

REPLY_DEADLINE_S = 10.0
BUGS = {"request_failed", "frame_failed"}
STATE = '{"type": "state"}'

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
codes = st.sampled_from([None, "", fares(), fares(public=1), BROKEN, FAULT, "\0", "x" * 200_000])
action_types = st.sampled_from(get_args(ActionType))
actions = st.fixed_dictionaries(
    {"action_type": action_types | anything}, optional={"code": codes | anything, "x": anything}
)
resets = st.fixed_dictionaries(
    {},
    optional={
        "task_id": st.sampled_from(["easy_one", "timed_one"]) | anything,
        "seed": anything,
        "episode_id": anything,
        "task_kind": anything,
        "index": anything,
        "reward_mode": st.sampled_from(["delta"]) | anything,
    },
)
calls = st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0"), "method": st.sampled_from(["tools/list", "tools/call", "ping"])},
    optional={
        "id": anything,
        "params": st.fixed_dictionaries(
            {},
            optional={
                "name": action_types | anything,
                "arguments": anything,
                "session_id": anything,
            },
        ),
    },
)
frames: st.SearchStrategy[str | bytes] = st.one_of(
    st.builds(lambda data: json.dumps({"type": "reset", "data": data}), resets),
    st.builds(lambda data: json.dumps({"type": "step", "data": data}), actions),
    st.builds(lambda data: json.dumps({"type": "mcp", "data": data}), calls | anything),
    st.builds(lambda kind, data: json.dumps({"type": kind, "data": data}), anything, anything),
    st.just(STATE),
    st.builds(json.dumps, anything),
    st.text(max_size=30),
    st.binary(max_size=30),
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(assembled(max_concurrent_envs=1_000_000)) as address, capture_logs() as logs:
        yield address
        assert [entry for entry in logs if entry["event"] in BUGS] == []


def replied(address: str, path: str, sent: list[str | bytes]) -> list[Any]:
    """Send frames one by one; give the replies up to the end of the socket."""
    replies: list[Any] = []
    with connect(f"ws://{address}{path}", compression=None) as socket, suppress(ConnectionClosedOK):
        for frame in sent:
            socket.send(frame)
            replies.append(json.loads(socket.recv(timeout=REPLY_DEADLINE_S)))
    return replies


@given(sent=st.lists(frames, max_size=6))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_frame_gets_one_reply_until_the_socket_ends(
    address: str, sent: list[str | bytes]
) -> None:
    replies = replied(address, "/ws", sent)

    ended = [reply for reply in replies if reply.get("data", {}).get("code") == "SESSION_ERROR"]
    assert len(replies) == len(sent) or ended == replies[-1:]
    assert {reply["type"] for reply in replies} <= {"observation", "state", "error", "mcp"}
    assert "Internal error" not in json.dumps(replies)
    assert replied(address, "/ws", [STATE])[0]["type"] == "state"


@given(sent=st.lists(st.builds(json.dumps, calls | anything) | st.text(max_size=20), max_size=6))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_rpc_frame_gets_one_response(address: str, sent: list[str | bytes]) -> None:
    replies = replied(address, "/mcp", sent)

    assert len(replies) == len(sent)
    for reply in replies:
        assert reply["jsonrpc"] == "2.0"
        assert ("result" in reply) != ("error" in reply)
