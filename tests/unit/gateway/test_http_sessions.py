"""Sessions over HTTP: how they are named, begun, chosen for and limited."""

from typing import Any

import httpx
import pytest
from litestar.testing import AsyncTestClient

from tests.unit.gateway.examples import EASY, MEDIUM, assembled, fares
from tests.unit.gateway.http_client import Client, reset, step


async def test_a_bare_step_before_any_reset_begins_the_first_task(client: Client) -> None:
    observation = (await step(client, "analyze_code")).json()["observation"]

    assert observation["task_id"] == EASY.id
    assert observation["history"][0]["step"] == 1


async def test_a_bare_step_acts_on_the_latest_bare_reset(client: Client) -> None:
    await reset(client, task_id=EASY.id)
    await reset(client, task_id=MEDIUM.id)

    body = (await step(client, "run_tests")).json()

    assert body["observation"]["task_id"] == MEDIUM.id


@pytest.mark.parametrize("where", ["header", "query", "body"])
async def test_a_session_is_named_by_header_query_or_body(client: Client, where: str) -> None:
    named = await reset(client, task_id=EASY.id)
    await reset(client, task_id=MEDIUM.id)
    body: dict[str, Any] = {"action": {"action_type": "run_tests"}}
    if where == "body":
        body["session_id"] = named

    reply = await client.post(
        "/step",
        json=body,
        headers={"X-Session-Id": named} if where == "header" else {},
        params={"session_id": named} if where == "query" else {},
    )

    assert reply.json()["observation"]["task_id"] == EASY.id
    assert reply.headers["x-session-id"] == named


async def test_sessions_do_not_see_each_other(client: Client) -> None:
    first = await reset(client, task_id=EASY.id)
    second = await reset(client, task_id=EASY.id)

    await step(client, "edit_code", fares(), session_id=first)
    state = (await client.get("/state", params={"session_id": second})).json()

    assert state["step_count"] == 0
    assert state["session_id"] == second


async def test_an_unknown_session_is_refused_with_what_to_do(client: Client) -> None:
    reply = await step(client, "run_tests", session_id="nope")

    assert reply.status_code == httpx.codes.NOT_FOUND
    assert "Unknown session_id: nope" in reply.json()["detail"]
    assert "POST /reset" in reply.json()["detail"]


async def test_a_reset_of_a_session_begins_it_anew(client: Client) -> None:
    session_id = await reset(client, task_id=EASY.id)
    await step(client, "run_tests")

    again = await reset(client, task_id=MEDIUM.id, session_id=session_id)
    state = (await client.get("/state", headers={"X-Session-Id": again})).json()

    assert again == session_id
    assert (state["task_id"], state["step_count"]) == (MEDIUM.id, 0)


async def test_an_unknown_task_is_refused_with_a_list_of_what_exists(client: Client) -> None:
    reply = await client.post("/reset", json={"task_id": "nope"})

    assert reply.status_code == httpx.codes.NOT_FOUND
    assert "nope" in reply.json()["detail"]
    assert EASY.id in reply.json()["detail"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"task_kind": "bug_fix"}, "medium_one"),
        ({"difficulty": "hard"}, "timed_one"),
        ({"task_kind": "optimization", "difficulty": "hard"}, "timed_one"),
        ({"seed": 1}, "medium_one"),
        ({"seed": 4}, "medium_one"),
        ({"split": "train", "index": 1}, "medium_one"),
        ({}, "easy_one"),
    ],
)
async def test_a_reset_chooses_its_task(client: Client, wanted: dict[str, Any], found: str) -> None:
    reply = await client.post("/reset", json=wanted)

    assert reply.json()["observation"]["task_id"] == found


async def test_the_state_before_any_reset_is_empty(client: Client) -> None:
    state = (await client.get("/state")).json()

    assert state["episode_id"] is None
    assert state["step_count"] == 0
    assert state["task_id"] is None


async def test_the_state_tells_the_callers_episode_id(client: Client) -> None:
    await reset(client, episode_id="ep-1")
    await step(client, "run_tests")

    state = (await client.get("/state")).json()

    assert (state["episode_id"], state["step_count"]) == ("ep-1", 1)


async def test_more_episodes_than_slots_can_be_played_one_after_the_other() -> None:
    async with AsyncTestClient(assembled(max_concurrent_envs=2).app) as client:
        for _ in range(5):
            session_id = await reset(client)
            reply = await step(client, "submit_solution", fares(), session_id=session_id)
            assert reply.json()["done"] is True


async def test_at_capacity_a_reset_is_refused_with_a_time_to_come_back() -> None:
    async with AsyncTestClient(assembled(max_concurrent_envs=2).app) as client:
        await reset(client)
        await reset(client)

        reply = await client.post("/reset")

    assert reply.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert "2/2 sessions active" in reply.json()["detail"]
    assert int(reply.headers["retry-after"]) >= 1


async def test_idle_sessions_give_their_slots_back() -> None:
    now_s = [0.0]
    parts = assembled(max_concurrent_envs=1, session_idle_s=100, clock=lambda: now_s[0])
    async with AsyncTestClient(parts.app) as client:
        session_id = await reset(client)

        now_s[0] = 101.0
        gone = await client.get("/state", params={"session_id": session_id})
        new_session_id = await reset(client)

    assert gone.status_code == httpx.codes.NOT_FOUND
    assert new_session_id != session_id
