"""Sessions of sockets: how they end, are taken up again, and share the room there is."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.unit.gateway.examples import HeldExaminer, assembled, fares, serving
from tests.unit.gateway.socket_client import (
    DEADLINE_S,
    NORMAL,
    RESET,
    STATE,
    asked,
    closing_code,
    socket_at,
    step,
    until_occupied,
)


async def test_a_close_frame_frees_the_slot(address: str) -> None:
    async with socket_at(address) as socket:
        await asked(socket, RESET)
        await socket.send('{"type": "close"}')
        code = await closing_code(socket)

    assert code == NORMAL
    await until_occupied(address, (0, 0))


async def test_a_lost_socket_can_be_taken_up_where_it_was(address: str) -> None:
    async with socket_at(address) as socket:
        began = await asked(socket, RESET)
        await step(socket, "edit_code", fares(public=1))
        socket.transport.abort()
    session_id = began["data"]["metadata"]["session_id"]
    await until_occupied(address, (0, 1))

    async with socket_at(address, f"/ws?session_id={session_id}") as again:
        state = await asked(again, STATE)
        stepped = await step(again, "submit_solution", fares())

    assert state["data"]["step_count"] == 1
    assert stepped["data"]["done"] is True


async def test_a_step_whose_answer_was_lost_is_sent_again_on_another_socket_and_acts_once(
    address: str,
) -> None:
    last = {"action_type": "submit_solution", "metadata": {"request_id": "mine"}}
    async with socket_at(address) as socket:
        began = await asked(socket, RESET)
        first = await asked(socket, {"type": "step", "data": {**last, "code": fares()}})
        socket.transport.abort()
    session_id = began["data"]["metadata"]["session_id"]
    await until_occupied(address, (0, 1))

    async with socket_at(address, f"/ws?session_id={session_id}") as again:
        second = await asked(again, {"type": "step", "data": {**last, "code": fares()}})
        state = await asked(again, STATE)

    assert first["data"]["done"] is True
    assert second == first
    assert state["data"]["step_count"] == 1


@pytest.mark.parametrize("label", [5, None, [], "", "x" * 256])
async def test_metadata_that_are_no_request_id_are_the_callers_own(
    address: str, label: Any
) -> None:
    action = {"action_type": "run_tests", "metadata": {"request_id": label}}
    async with socket_at(address) as socket:
        await asked(socket, RESET)
        replies = [await asked(socket, {"type": "step", "data": action}) for _ in range(2)]

    left = [reply["data"]["observation"]["attempts_remaining"] for reply in replies]
    assert left[0] == left[1] + 1


async def test_a_parked_session_gives_way_to_new_sockets(address: str) -> None:
    for _ in range(3):
        async with socket_at(address) as socket:
            await asked(socket, RESET)
            await step(socket, "run_tests")

    async with socket_at(address) as one, socket_at(address) as two:
        replies = [await asked(one, STATE), await asked(two, STATE)]

    assert [reply["type"] for reply in replies] == ["state", "state"]


async def test_a_session_has_one_socket_at_a_time(address: str) -> None:
    async with socket_at(address) as first:
        began = await asked(first, RESET)
        session_id = began["data"]["metadata"]["session_id"]
        async with socket_at(address, f"/ws?session_id={session_id}") as second:
            told = json.loads(await second.recv())
            code = await closing_code(second)
        still = await asked(first, STATE)

    assert told["data"]["code"] == "SESSION_ERROR"
    assert "already has an attached WebSocket" in told["data"]["message"]
    assert code == NORMAL
    assert still["data"]["session_id"] == session_id


async def test_http_and_socket_share_a_session(address: str) -> None:
    async with socket_at(address) as socket, httpx.AsyncClient() as client:
        began = await asked(socket, RESET)
        session_id = began["data"]["metadata"]["session_id"]
        reply = await client.post(
            f"http://{address}/step",
            json={"action": {"action_type": "run_tests"}},
            headers={"X-Session-Id": session_id},
        )
        state = await asked(socket, STATE)

    assert reply.status_code == httpx.codes.OK
    assert state["data"]["step_count"] == 1


async def test_a_live_socket_is_never_emptied_however_long_it_is_silent() -> None:
    parts = assembled(session_idle_s=0.2)
    with serving(parts) as address:
        async with socket_at(address) as socket, httpx.AsyncClient() as client:
            await asked(socket, RESET)
            lost = (await client.post(f"http://{address}/reset")).headers["x-session-id"]
            await until_occupied(address, (1, 0))
            state = await asked(socket, STATE)
            gone = await client.get(f"http://{address}/state", params={"session_id": lost})

    assert state["data"]["episode_id"] == "ep"
    assert gone.status_code == httpx.codes.NOT_FOUND


async def test_many_sockets_play_at_once_without_a_wrong_answer() -> None:
    sockets = 32

    async def episode(address: str, number: int) -> list[float]:
        public = number % 3
        async with socket_at(address) as socket:
            await asked(socket, {"type": "reset", "data": {"episode_id": str(number)}})
            await step(socket, "edit_code", fares(public=public))
            ended = await step(socket, "submit_solution", fares(public=public, hidden=0))
            state = await asked(socket, STATE)
        assert state["data"]["episode_id"] == str(number)
        return [test["passed"] for test in ended["data"]["observation"]["visible_tests"]]

    with serving(assembled()) as address:
        results = await asyncio.gather(*(episode(address, number) for number in range(sockets)))
        await until_occupied(address, (0, 0))

    assert [sum(result) for result in results] == [number % 3 for number in range(sockets)]


async def test_a_server_that_stops_tells_its_sockets_to_come_back() -> None:
    with serving(assembled()) as address:
        socket = await connect(f"ws://{address}/ws", compression=None).__aenter__()
        await asked(socket, RESET)

    with pytest.raises(ConnectionClosed) as closed:
        await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012


async def test_who_drops_out_of_a_step_takes_the_session_up_meanwhile_and_finds_it_done() -> None:
    examiner = HeldExaminer()
    with serving(assembled(examine=examiner)) as address:
        async with socket_at(address) as socket:
            began = await asked(socket, RESET)
            session_id = began["data"]["metadata"]["session_id"]
            action = {"action_type": "edit_code", "code": fares()}
            await socket.send(json.dumps({"type": "step", "data": action}))
            assert await asyncio.to_thread(examiner.began.wait, DEADLINE_S)
        async with resumed(address, session_id) as socket:
            during = (await asked(socket, STATE))["data"]["step_count"]
            examiner.may_end.set()
            after = await step(socket, "run_tests")
            while after["type"] == "error":
                assert "being graded" in after["data"]["message"]
                after = await step(socket, "run_tests")

    assert during == 0
    assert len(after["data"]["observation"]["history"]) == 2


@asynccontextmanager
async def resumed(address: str, session_id: str) -> AsyncIterator[ClientConnection]:
    """Take a session up as soon as the server has noticed that its socket is gone."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            async with socket_at(address, f"/ws?session_id={session_id}") as socket:
                if await is_let_in(socket):
                    yield socket
                    return


async def is_let_in(socket: ClientConnection) -> bool:
    try:
        return bool((await asked(socket, STATE))["type"] == "state")
    except ConnectionClosed:  # refused before it could ask
        return False
