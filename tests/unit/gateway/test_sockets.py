"""Sockets over the real HTTP server: episodes, frames and refusals."""

import json
from typing import Any

import pytest

from tests.unit.gateway.examples import EASY, FAULT, fares
from tests.unit.gateway.socket_client import (
    NORMAL,
    RESET,
    STATE,
    asked,
    closing_code,
    socket_at,
    step,
)


async def test_a_whole_episode_by_socket(address: str) -> None:
    async with socket_at(address) as socket:
        before = await asked(socket, STATE)
        began = await asked(socket, RESET)
        rewards = [
            (await step(socket, *action))["data"]["reward"]
            for action in [
                ("run_tests",),
                ("edit_code", fares()),
                ("run_tests",),
                ("submit_solution",),
            ]
        ]
        after = await asked(socket, STATE)

    assert before["data"]["episode_id"] is None
    assert began["type"] == "observation"
    assert began["data"]["metadata"] == began["data"]["observation"]["metadata"]
    assert rewards[0] < 0.20
    assert rewards[1] > 0.90
    assert min(rewards[2:]) >= 0.95
    assert (after["data"]["episode_id"], after["data"]["step_count"]) == ("ep", 4)
    assert after["data"]["success"] is True


async def test_a_frame_has_metadata_only_where_there_is_some(address: str) -> None:
    async with socket_at(address) as socket:
        began = await asked(socket, RESET)
        stepped = await step(socket, "run_tests")

    assert set(began["data"]) == {"observation", "reward", "done", "metadata"}
    assert set(stepped["data"]) == {"observation", "reward", "done"}


async def test_a_step_before_the_reset_is_an_execution_error(address: str) -> None:
    async with socket_at(address) as socket:
        refused = await step(socket, "run_tests")
        began = await asked(socket, RESET)

    assert refused["type"] == "error"
    assert refused["data"]["code"] == "EXECUTION_ERROR"
    assert began["type"] == "observation"


async def test_an_unknown_task_is_an_error_that_leaves_the_episode_alone(address: str) -> None:
    async with socket_at(address) as socket:
        await asked(socket, RESET)
        refused = await asked(socket, {"type": "reset", "data": {"task_id": "nope"}})
        state = await asked(socket, STATE)

    assert refused["data"]["code"] == "EXECUTION_ERROR"
    assert EASY.id in refused["data"]["message"]
    assert state["data"]["task_id"] == EASY.id


@pytest.mark.parametrize("seed", [-5, "abc", [1], None, 2**70])
async def test_any_seed_will_do_by_socket(address: str, seed: Any) -> None:
    async with socket_at(address) as socket:
        first = await asked(socket, {"type": "reset", "data": {"seed": seed}})
        second = await asked(socket, {"type": "reset", "data": {"seed": seed}})

    tasks = [reply["data"]["observation"]["task_id"] for reply in (first, second)]
    assert tasks[0] == tasks[1]


async def test_an_invalid_action_does_not_end_the_socket(address: str) -> None:
    async with socket_at(address) as socket:
        await asked(socket, RESET)
        invalid = await step(socket, "edit_code")
        refused = await asked(socket, {"type": "step", "data": {"action_type": "fly"}})
        state = await asked(socket, STATE)

    assert invalid["data"]["observation"]["last_action_status"] == "invalid"
    assert refused["data"]["code"] == "VALIDATION_ERROR"
    assert refused["data"]["errors"][0]["loc"] == ["action_type"]
    assert state["data"]["step_count"] == 1


async def test_a_fault_of_ours_is_an_execution_error_that_costs_no_step(address: str) -> None:
    async with socket_at(address) as socket:
        await asked(socket, RESET)
        failed = await step(socket, "edit_code", FAULT)
        state = await asked(socket, STATE)
        worked = await step(socket, "edit_code", fares())

    assert failed["data"]["code"] == "EXECUTION_ERROR"
    assert "no step was taken" in failed["data"]["message"]
    assert state["data"]["step_count"] == 0
    assert worked["data"]["reward"] > 0.90


async def test_a_frame_beyond_the_limit_is_refused_and_the_socket_goes_on(address: str) -> None:
    async with socket_at(address) as socket:
        refused = await asked(socket, {"type": "x" * 200_000})
        state = await asked(socket, STATE)

    assert refused["data"]["code"] == "VALIDATION_ERROR"
    assert "200000" in refused["data"]["message"]
    assert state["type"] == "state"


async def test_frames_sent_at_once_are_answered_in_order(address: str) -> None:
    async with socket_at(address) as socket:
        for frame in (RESET, STATE, {"type": "nope"}, STATE):
            await socket.send(json.dumps(frame))
        replies = [json.loads(await socket.recv())["type"] for _ in range(4)]

    assert replies == ["observation", "state", "error", "state"]


async def test_a_socket_too_many_is_told_so_and_closed_normally(address: str) -> None:
    async with socket_at(address) as first, socket_at(address) as second:
        await asked(first, STATE)
        await asked(second, STATE)
        async with socket_at(address) as third:
            told = json.loads(await third.recv())
            code = await closing_code(third)

    assert told["data"]["code"] == "CAPACITY_REACHED"
    assert (told["data"]["active_sessions"], told["data"]["max_sessions"]) == (2, 2)
    assert code == NORMAL
