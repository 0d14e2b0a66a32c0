"""128 sockets play at once: nothing goes wrong, nobody is paid wrongly, nothing is left behind."""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from bench.processes import Memory, descendants, memory
from tests.load.process_session import members, server_process
from tests.tree import ROOT

SOCKETS = 128
REPEATING = ("syntax_fix_invoice_totals", "bug_fix_session_windows")
"""Tasks whose rewards are the same to the last digit; a timed one's may differ a little."""
TIMED = "optimization_rank_active_users"
TIMED_EACH = 16
"""Every how many-th socket plays the timed task."""
REPLY_DEADLINE_S = 240.0
SETTLE_DEADLINE_S = 30.0
REST_S = 0.5
GROWTH = 1.2
ENVIRONMENT = {"GRADE_DEADLINE_S": "300", "MAX_CONCURRENT_ENVS": str(SOCKETS)}
MIB = 1024 * 1024

Rewards = list[float]


def reference_of(task_id: str) -> str:
    return (ROOT / "tasks" / "catalog" / task_id / "reference.py").read_text()


async def asked(socket: ClientConnection, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    await socket.send(json.dumps({"type": kind, "data": content}))
    frame = json.loads(await asyncio.wait_for(socket.recv(), REPLY_DEADLINE_S))
    assert frame["type"] == "observation", frame
    answer: dict[str, Any] = frame["data"]
    return answer


async def played(url: str, task_id: str, *, all_are_open: asyncio.Barrier) -> Rewards:
    """Play the four steps on a socket of its own; every step must be answered in full."""
    code = reference_of(task_id)
    rewards: Rewards = []
    async with connect(url, compression=None, ping_interval=None) as socket:
        await all_are_open.wait()
        answer = await asked(socket, "reset", {"task_id": task_id})
        for action in (
            {"action_type": "run_tests"},
            {"action_type": "edit_code", "code": code},
            {"action_type": "run_tests"},
            {"action_type": "submit_solution"},
        ):
            answer = await asked(socket, "step", action)
            assert answer["observation"]["last_action_error"] is None
            rewards.append(answer["reward"])
        assert answer["done"]
        assert answer["observation"]["success"], answer["observation"]
        await socket.send('{"type": "close"}')
        await socket.wait_closed()
    return rewards


async def played_at_once(url: str, task_ids: list[str]) -> list[Rewards]:
    all_are_open = asyncio.Barrier(len(task_ids))
    episodes = [played(url, task_id, all_are_open=all_are_open) for task_id in task_ids]
    return await asyncio.gather(*episodes)


def task_of(number: int) -> str:
    if number % TIMED_EACH == 0:
        return TIMED
    return REPEATING[number % len(REPEATING)]


def held_bytes(held: Memory) -> int:
    """Give what the processes hold without counting shared pages twice, where the kernel says."""
    return held.rss_bytes if held.pss_bytes is None else held.pss_bytes


def count_at_rest(pid: int) -> int:
    """Count the processes below one once none has come or gone for a while."""
    give_up_s = time.monotonic() + SETTLE_DEADLINE_S
    seen, since_s = descendants(pid), time.monotonic()
    while time.monotonic() < give_up_s:
        time.sleep(0.05)
        now = descendants(pid)
        if now != seen:
            seen, since_s = now, time.monotonic()
        elif time.monotonic() - since_s > REST_S:
            return len(seen)
    raise AssertionError(f"processes still come and go after {SETTLE_DEADLINE_S:g} s")


def settled(look: Callable[[], bool]) -> bool:
    """Say whether something comes to be so before the deadline."""
    give_up_s = time.monotonic() + SETTLE_DEADLINE_S
    while time.monotonic() < give_up_s:
        if look():
            return True
        time.sleep(0.1)
    return look()


def test_many_sockets_at_once_are_served_as_one_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with server_process(tmp_path / "server.log", ENVIRONMENT) as server:
        alone = {
            task_id: asyncio.run(played_at_once(server.socket_url, [task_id]))[0]
            for task_id in (*REPEATING, TIMED)
        }
        asyncio.run(played_at_once(server.socket_url, [task_of(number) for number in range(8)]))
        processes, before = count_at_rest(server.pid), memory(server.pid)
        task_ids = [task_of(number) for number in range(SOCKETS)]

        began_s = time.monotonic()
        rewards = asyncio.run(played_at_once(server.socket_url, task_ids))
        took_s = time.monotonic() - began_s

        wrong = [
            (task_id, earned)
            for task_id, earned in zip(task_ids, rewards, strict=True)
            if task_id != TIMED and earned != alone[task_id]
        ]
        assert wrong == []
        assert count_at_rest(server.pid) == processes
        is_back = settled(lambda: held_bytes(memory(server.pid)) <= GROWTH * held_bytes(before))
        after = memory(server.pid)
        assert server.bugs() == []
        tell(capsys, took_s=took_s, before=before, after=after)
        assert is_back

    assert members(server.pid) == []


def tell(
    capsys: pytest.CaptureFixture[str], *, took_s: float, before: Memory, after: Memory
) -> None:
    with capsys.disabled():
        sys.stdout.write(
            f"\n{SOCKETS} sockets, 4 steps each: {took_s:.1f} s; memory of "
            f"{before.processes} processes {held_bytes(before) / MIB:.1f} MiB before, of "
            f"{after.processes} {held_bytes(after) / MIB:.1f} MiB after "
            f"(RSS {before.rss_bytes / MIB:.1f} and {after.rss_bytes / MIB:.1f} MiB)\n"
        )
