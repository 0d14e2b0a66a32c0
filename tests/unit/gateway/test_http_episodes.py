"""Episodes over HTTP: what steps earn and tell."""

from typing import Any

import httpx
import pytest
from litestar.testing import AsyncTestClient

from sandbox.limits import SOURCE_BYTES
from tests.unit.gateway.examples import (
    BROKEN,
    EASY,
    HIDDEN,
    HIDDEN_SECRET,
    MEDIUM,
    REFERENCE_SECRET,
    assembled,
    fares,
)
from tests.unit.gateway.http_client import Client, reset, step


async def test_a_reset_answers_the_session_in_header_and_metadata(client: Client) -> None:
    reply = await client.post("/reset", json={"episode_id": "mine"})

    body = reply.json()
    session_id = reply.headers["x-session-id"]
    assert set(body) == {"observation", "reward", "done", "metadata"}
    assert body["metadata"] == {"session_id": session_id, "episode_id": "mine"}
    assert body["observation"]["metadata"] == body["metadata"]
    assert (body["reward"], body["done"]) == (None, False)


async def test_a_step_has_a_metadata_key_that_is_null(client: Client) -> None:
    await reset(client)

    body = (await step(client, "run_tests")).json()

    assert body["metadata"] is None
    assert body["observation"]["metadata"] == {}
    assert body["done"] is False


async def test_a_bare_reset_takes_no_body_at_all(client: Client) -> None:
    reply = await client.post("/reset")

    assert reply.json()["observation"]["task_id"] == EASY.id


async def test_the_easy_task_pays_in_the_promised_shape(client: Client) -> None:
    await reset(client, task_id=EASY.id)

    rewards = [
        (await step(client, action_type, code)).json()["reward"]
        for action_type, code in [
            ("run_tests", None),
            ("edit_code", fares()),
            ("run_tests", None),
            ("submit_solution", None),
        ]
    ]

    assert rewards[0] < 0.20
    assert rewards[1] > 0.90
    assert rewards[2] >= 0.95
    assert rewards[3] >= 0.95


async def test_a_shorter_limit_reaches_the_exam() -> None:
    parts = assembled()
    async with AsyncTestClient(parts.app) as client:
        await reset(client)
        await step(client, "run_tests", timeout_s=0.5)

    assert parts.sandbox.exams[0].limits.exam_wall_s == 0.5


async def test_an_invalid_action_is_a_step_with_a_penalty(client: Client) -> None:
    await reset(client, task_id=MEDIUM.id)
    before = (await step(client, "run_tests")).json()

    body = (await step(client, "edit_code")).json()

    observation = body["observation"]
    assert observation["last_action_status"] == "invalid"
    assert "complete new source" in observation["last_action_error"]
    assert observation["current_code"] == MEDIUM.starter
    assert body["reward"] < before["reward"]
    assert observation["reward_details"]["components"]["invalid_action_penalty"] < 0
    assert (await client.get("/state")).json()["step_count"] == 2


async def test_code_beyond_the_limit_is_an_invalid_action(client: Client) -> None:
    await reset(client)

    body = (await step(client, "submit_solution", "#" * (SOURCE_BYTES + 1))).json()

    assert body["done"] is False
    assert str(SOURCE_BYTES) in body["observation"]["last_action_error"]


async def test_a_submission_may_carry_code_and_ends_the_episode(client: Client) -> None:
    await reset(client)

    body = (await step(client, "submit_solution", fares())).json()

    observation = body["observation"]
    assert body["done"] is True
    assert observation["success"] is True
    assert observation["score"] == pytest.approx(1.0)
    assert f"Hidden tests: {HIDDEN} of {HIDDEN} passed." in observation["test_results"]


async def test_a_submission_that_fails_hidden_tests_is_no_success(client: Client) -> None:
    await reset(client)

    observation = (await step(client, "submit_solution", fares(hidden=1))).json()["observation"]

    assert observation["success"] is False
    assert observation["score"] < 0.7


async def test_a_step_after_the_end_is_refused_and_changes_nothing(client: Client) -> None:
    await reset(client)
    await step(client, "submit_solution", fares())

    reply = await step(client, "run_tests")

    assert reply.status_code == httpx.codes.CONFLICT
    assert "reset" in reply.json()["detail"]
    assert (await client.get("/state")).json()["step_count"] == 1


async def test_running_out_of_steps_ends_the_episode(client: Client) -> None:
    await reset(client)

    replies = [(await step(client, "run_tests")).json() for _ in range(EASY.max_steps)]

    assert [reply["done"] for reply in replies] == [False] * (EASY.max_steps - 1) + [True]
    assert replies[-1]["observation"]["attempts_remaining"] == 0
    assert replies[-1]["observation"]["success"] is False


async def test_in_delta_mode_the_rewards_add_up_to_the_final_score(client: Client) -> None:
    await reset(client, reward_mode="delta", task_id=MEDIUM.id)

    bodies = [
        (await step(client, action_type, code)).json()
        for action_type, code in [
            ("analyze_code", None),
            ("edit_code", fares(public=0)),
            ("edit_code", None),
            ("edit_code", fares()),
            ("submit_solution", fares(hidden=3)),
        ]
    ]

    total = sum(body["reward"] for body in bodies)
    assert total == pytest.approx(bodies[-1]["observation"]["score"])
    assert bodies[1]["reward"] < 0 == bodies[2]["reward"]


async def test_nothing_hidden_is_told(client: Client) -> None:
    await reset(client, task_id=EASY.id)
    replies = [
        await step(client, "run_tests"),
        await step(client, "edit_code", BROKEN),
        await step(client, "analyze_code"),
        await step(client, "submit_solution", fares(public=1, hidden=1)),
        await client.get(f"/tasks/{EASY.id}"),
        await client.get("/tasks"),
        await client.get("/state"),
        await client.get("/web/"),
        await client.post("/grade", json={"task_id": EASY.id, "code": fares(hidden=0)}),
    ]

    for reply in replies:
        assert reply.status_code == httpx.codes.OK
        assert HIDDEN_SECRET not in reply.text
        assert REFERENCE_SECRET not in reply.text


async def test_the_same_steps_get_the_same_answers(client: Client) -> None:
    async def episode() -> list[Any]:
        session_id = await reset(client, task_id="timed_one", seed=3)
        replies = [
            await step(client, "analyze_code", session_id=session_id),
            await step(client, "edit_code", fares(public=1), session_id=session_id),
            await step(client, "submit_solution", session_id=session_id),
        ]
        return [reply.json() for reply in replies]

    assert await episode() == await episode()
