"""Episodes over HTTP: sessions, retries, refusals, faults."""

import asyncio
from collections.abc import AsyncIterator
from threading import Event
from typing import Any, Literal, cast

import httpx
import pytest
from litestar.testing import AsyncTestClient

from gateway.episode import Session
from gateway.memory_store import MemoryEpisodeStore
from gateway.problems import StoreUnavailable
from gateway.store import Lease
from sandbox.exam import Exam, ExamReport
from sandbox.limits import SOURCE_BYTES
from tests.unit.gateway.examples import (
    BROKEN,
    EASY,
    FAULT,
    HIDDEN,
    HIDDEN_SECRET,
    MEDIUM,
    REFERENCE_SECRET,
    Parts,
    assembled,
    examined,
    fares,
)

Client = httpx.AsyncClient


def concurrent_client(parts: Parts) -> Client:
    """Return a client whose requests run at the same time, unlike Litestar's own."""
    transport = httpx.ASGITransport(parts.app)  # type: ignore[arg-type] # Litestar's own types
    return Client(transport=transport, base_url="http://127.0.0.1")


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with AsyncTestClient(assembled().app) as client:
        yield client


async def reset(client: Client, **wanted: Any) -> str:
    reply = await client.post("/reset", json=wanted)
    assert reply.status_code == httpx.codes.OK, reply.text
    return str(reply.headers["x-session-id"])


async def step(
    client: Client, action_type: str, code: str | None = None, **more: Any
) -> httpx.Response:
    action = {"action_type": action_type, "code": code}
    return await client.post("/step", json={"action": action, **more})


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


async def test_a_repeated_request_gets_its_first_answer_and_acts_once(client: Client) -> None:
    await reset(client)
    first = await step(client, "run_tests", request_id="a")
    await step(client, "edit_code", fares(), request_id="b")

    again = await step(client, "run_tests", request_id="a")

    assert again.json() == first.json()
    assert (await client.get("/state")).json()["step_count"] == 2


async def test_a_reset_forgets_the_requests_before_it(client: Client) -> None:
    session_id = await reset(client)
    await step(client, "run_tests", request_id="a")
    await reset(client, session_id=session_id)

    body = (await step(client, "run_tests", request_id="a", session_id=session_id)).json()

    assert body["observation"]["history"][0]["step"] == 1
    assert (await client.get("/state")).json()["step_count"] == 1


async def test_a_request_repeated_while_it_is_graded_waits_for_the_first_answer() -> None:
    go, started = Event(), Event()

    def slowly(exam: Exam) -> ExamReport:
        started.set()
        assert go.wait(10)
        return examined(exam)

    async with concurrent_client(assembled(examine=slowly)) as client:
        await reset(client)
        first = asyncio.create_task(step(client, "run_tests", request_id="a"))
        await asyncio.to_thread(started.wait, 10)
        second = asyncio.create_task(step(client, "run_tests", request_id="a"))
        await asyncio.sleep(0)
        go.set()
        answers = [reply.json() for reply in await asyncio.gather(first, second)]
        state = (await client.get("/state")).json()

    assert answers[0] == answers[1]
    assert state["step_count"] == 1


async def test_of_two_racing_steps_one_wins_and_the_other_is_told_so() -> None:
    go, started = Event(), Event()

    def slowly(exam: Exam) -> ExamReport:
        started.set()
        assert go.wait(10)
        return examined(exam)

    async with concurrent_client(assembled(examine=slowly)) as client:
        await reset(client)
        first = asyncio.create_task(step(client, "run_tests"))
        await asyncio.to_thread(started.wait, 10)
        second = await step(client, "run_tests")
        go.set()
        statuses = ((await first).status_code, second.status_code)
        state = (await client.get("/state")).json()

    assert statuses == (httpx.codes.OK, httpx.codes.CONFLICT)
    assert "nothing was done" in second.json()["detail"]
    assert state["step_count"] == 1


async def test_a_fault_of_ours_costs_no_step_and_the_session_goes_on(client: Client) -> None:
    await reset(client)

    failed = await step(client, "edit_code", FAULT)
    after = await step(client, "edit_code", fares())

    assert failed.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert failed.headers["retry-after"] == "1"
    assert "no step was taken" in failed.json()["detail"]
    assert after.json()["observation"]["history"][0]["step"] == 1


async def test_a_full_queue_is_told_with_a_time_to_come_back() -> None:
    go, started = Event(), Event()

    def slowly(exam: Exam) -> ExamReport:
        started.set()
        assert go.wait(10)
        return examined(exam)

    parts = assembled(examine=slowly, workers=1, waiting_limit=0)
    async with concurrent_client(parts) as client:
        first_id = await reset(client)
        second_id = await reset(client)
        running = asyncio.create_task(step(client, "run_tests", session_id=first_id))
        await asyncio.to_thread(started.wait, 10)
        refused = await step(client, "run_tests", session_id=second_id)
        go.set()
        await running
        later = await step(client, "run_tests", session_id=second_id)

    assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert int(refused.headers["retry-after"]) >= 1
    assert later.json()["observation"]["history"][0]["step"] == 1


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


class Forgetful(MemoryEpisodeStore):
    """Keeps the next commit and says nothing of it, or says so and keeps nothing."""

    fault: Literal["kept", "lost"] | None = None

    async def commit(self, lease: Lease, session: Session) -> Session:
        fault, self.fault = self.fault, None
        if fault == "lost":
            raise StoreUnavailable
        kept = await super().commit(lease, session)
        if fault == "kept":
            raise StoreUnavailable
        return kept


@pytest.mark.parametrize("fault", ["kept", "lost"])
async def test_a_step_of_which_the_store_said_nothing_acts_once_when_it_is_sent_again(
    fault: Literal["kept", "lost"],
) -> None:
    parts = assembled()
    parts.store.__class__ = Forgetful
    store = cast("Forgetful", parts.store)
    async with AsyncTestClient(parts.app) as client:
        session_id = await reset(client, task_id=EASY.id)
        store.fault = fault
        first = await step(client, "edit_code", fares(), session_id=session_id)
        again = await step(client, "edit_code", fares(), session_id=session_id)
        other = await step(client, "edit_code", fares(), session_id=session_id)
        state = (await client.get("/state", params={"session_id": session_id})).json()

    assert first.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert "does not know whether this step was taken" in first.json()["detail"]
    assert again.status_code == other.status_code == httpx.codes.OK
    assert len(again.json()["observation"]["history"]) == 1
    assert len(other.json()["observation"]["history"]) == 2
    assert state["step_count"] == 2


async def test_another_step_after_such_a_one_is_taken_for_what_it_is() -> None:
    parts = assembled()
    parts.store.__class__ = Forgetful
    store = cast("Forgetful", parts.store)
    async with AsyncTestClient(parts.app) as client:
        session_id = await reset(client, task_id=EASY.id)
        store.fault = "kept"
        await step(client, "edit_code", fares(), session_id=session_id)
        await step(client, "run_tests", session_id=session_id)
        state = (await client.get("/state", params={"session_id": session_id})).json()

    assert state["step_count"] == 2
