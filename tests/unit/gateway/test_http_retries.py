"""Steps over HTTP that are sent again, race, or meet a fault of ours."""

import asyncio
from typing import Literal, cast

import httpx
import pytest
from litestar.testing import AsyncTestClient

from gateway.episode import Session
from gateway.memory_store import MemoryEpisodeStore
from gateway.problems import StoreUnavailable
from gateway.store import Lease
from tests.unit.gateway.examples import (
    EASY,
    FAULT,
    HELD_AT_MOST_S,
    HeldExaminer,
    assembled,
    fares,
)
from tests.unit.gateway.http_client import Client, concurrent_client, reset, step


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
    examiner = HeldExaminer()
    async with concurrent_client(assembled(examine=examiner)) as client:
        await reset(client)
        first = asyncio.create_task(step(client, "run_tests", request_id="a"))
        await asyncio.to_thread(examiner.began.wait, HELD_AT_MOST_S)
        second = asyncio.create_task(step(client, "run_tests", request_id="a"))
        await asyncio.sleep(0)
        examiner.may_end.set()
        answers = [reply.json() for reply in await asyncio.gather(first, second)]
        state = (await client.get("/state")).json()

    assert answers[0] == answers[1]
    assert state["step_count"] == 1


async def test_of_two_racing_steps_one_wins_and_the_other_is_told_so() -> None:
    examiner = HeldExaminer()
    async with concurrent_client(assembled(examine=examiner)) as client:
        await reset(client)
        first = asyncio.create_task(step(client, "run_tests"))
        await asyncio.to_thread(examiner.began.wait, HELD_AT_MOST_S)
        second = await step(client, "run_tests")
        examiner.may_end.set()
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
    examiner = HeldExaminer()
    parts = assembled(examine=examiner, workers=1, waiting_limit=0)
    async with concurrent_client(parts) as client:
        first_id = await reset(client)
        second_id = await reset(client)
        running = asyncio.create_task(step(client, "run_tests", session_id=first_id))
        await asyncio.to_thread(examiner.began.wait, HELD_AT_MOST_S)
        refused = await step(client, "run_tests", session_id=second_id)
        examiner.may_end.set()
        await running
        later = await step(client, "run_tests", session_id=second_id)

    assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert int(refused.headers["retry-after"]) >= 1
    assert later.json()["observation"]["history"][0]["step"] == 1


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
