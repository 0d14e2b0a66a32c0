"""What is counted of episodes, refusals and faults, and that labels stay within their lists."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from litestar.testing import AsyncTestClient, TestClient
from prometheus_client.parser import text_string_to_metric_families

from gateway.metrics import OUTCOMES, outcome_label
from sandbox.outcome import (
    Crashed,
    ExitedEarly,
    Finished,
    MemoryExceeded,
    Outcome,
    OutputExceeded,
    ProtocolViolation,
    TimedOut,
)
from tests.unit.gateway.examples import BROKEN, EASY, FAULT, MEDIUM, assembled, fares, times_out

Client = AsyncTestClient[Any]
EVERY_OUTCOME: tuple[Outcome, ...] = (
    *(Finished(), Crashed(11), ExitedEarly(0), TimedOut("wall"), TimedOut("cpu")),
    *(MemoryExceeded(), OutputExceeded(), ProtocolViolation("secret")),
)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with AsyncTestClient(assembled(max_concurrent_envs=8).app) as client:
        yield client


async def count(client: Client, name: str, **labels: str) -> float:
    text = (await client.get("/metrics")).text
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == f"code_review_{name}" and labels.items() <= sample.labels.items()
    )


async def act(client: Client, kind: str, code: str | None = None, **more: Any) -> int:
    body = {"action": {"action_type": kind, "code": code}, **more}
    return (await client.post("/step", json=body)).status_code


def test_every_outcome_has_a_name_that_is_listed() -> None:
    assert tuple(outcome_label(outcome) for outcome in EVERY_OUTCOME) == OUTCOMES


async def test_each_end_of_an_episode_is_told_apart(client: Client) -> None:
    await client.post("/reset", json={"task_id": EASY.id})
    await act(client, "submit_solution", fares())
    await client.post("/reset", json={"task_id": EASY.id})
    await act(client, "submit_solution", fares(hidden=0))
    await client.post("/reset", json={"task_id": EASY.id})
    for _ in range(EASY.max_steps):
        await act(client, "run_tests")
    session_id = (await client.post("/reset", json={"task_id": MEDIUM.id})).headers["X-Session-Id"]
    await client.post("/reset", json={"task_id": EASY.id, "session_id": session_id})

    ends = {
        result: await count(client, "episodes_ended_total", result=result)
        for result in ("success", "failure", "out_of_steps", "reset")
    }
    assert ends == {"success": 1, "failure": 1, "out_of_steps": 1, "reset": 1}
    assert await count(client, "episodes_ended_total", kind="bug_fix", result="reset") == 1
    assert await count(client, "episodes_started_total") == 5
    assert await count(client, "sessions_started_total") == 4


async def test_a_step_that_was_answered_before_is_counted_once(client: Client) -> None:
    await client.post("/reset", json={"task_id": EASY.id})
    for _ in range(3):
        await act(client, "run_tests", request_id="same")

    assert await count(client, "steps_total") == 1
    assert await count(client, "step_reward_count") == 1


async def test_an_episode_that_a_bare_step_begins_counts(client: Client) -> None:
    await act(client, "edit_code", None)
    await act(client, "run_tests")

    assert await count(client, "episodes_started_total") == 1
    assert await count(client, "steps_total", action="edit_code", status="invalid") == 1
    assert await count(client, "steps_total", action="run_tests", status="ok") == 1


async def test_gradings_are_counted_by_what_came_of_them(client: Client) -> None:
    await client.post("/reset", json={"task_id": MEDIUM.id})
    await act(client, "edit_code", times_out())
    await act(client, "analyze_code")
    failed = await act(client, "edit_code", FAULT)
    await act(client, "submit_solution", fares())

    verdicts = {
        verdict: await count(client, "grades_total", kind="bug_fix", verdict=verdict)
        for verdict in ("analysed", "not_passed", "grading_failed", "passed")
    }
    assert failed == 503
    assert verdicts == {"analysed": 1, "not_passed": 1, "grading_failed": 1, "passed": 1}
    assert await count(client, "sandbox_outcomes_total") == 2
    assert await count(client, "sandbox_outcomes_total", outcome="timed_out_wall") == 1
    assert await count(client, "steps_total", status="ok") == 3
    assert await count(client, "grading_phase_seconds_count", phase="queue") == 3


async def test_a_caller_can_not_make_labels(client: Client) -> None:
    for path in ("/tasks/evil", "/evil", "/evil/splits", "/step/evil"):
        for method in ("GET", "EVIL", "POST"):
            await client.request(method, path)
    text = (await client.get("/metrics")).text

    assert "evil" not in text.lower()
    assert await count(client, "http_requests_total", route="other", method="other") == 4
    assert await count(client, "http_requests_total", route="/tasks/{task_id}", status="404") == 1


def test_frames_are_counted_by_type_and_answer() -> None:
    with TestClient(assembled().app) as client:
        with client.websocket_connect("/ws") as socket:
            for text in (
                '{"type": "reset"}',
                json.dumps({"type": "step", "data": {"action_type": "edit_code", "code": BROKEN}}),
                '{"type": "step", "data": {"action_type": "evil"}}',
                '{"type": "evil"}',
                "evil",
            ):
                socket.send_text(text)
                socket.receive_json()
        with client.websocket_connect("/mcp") as socket:
            socket.send_text('{"jsonrpc": "2.0", "id": 1, "method": "evil"}')
            socket.receive_json()
        text = client.get("/metrics").text

    for type_, answer in (
        *(("reset", "ok"), ("step", "ok"), ("step", "VALIDATION_ERROR")),
        *(("unread", "UNKNOWN_TYPE"), ("unread", "INVALID_JSON"), ("rpc", "error")),
    ):
        line = f'code_review_socket_frames_total{{answer="{answer}",type="{type_}"}} 1.0'
        assert line in text
    assert "evil" not in text
    assert 'code_review_sockets_opened_total{socket="/mcp"} 1.0' in text
