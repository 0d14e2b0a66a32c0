"""`inference.py` with the real server: its own, or one that others use too."""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.live import serving
from tests.integration.chat_server import chat_server, says
from tests.integration.env_server import CATALOGUE, TASK_IDS
from tests.integration.inference_process import DEADLINE_S, Playing, play

FOUR_STEPS = ["run_tests", "edit_code", "run_tests", "submit_solution"]
SERVER = b"agents.serving"


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def descends(pid: int) -> list[int]:
    """List the process's children and theirs, nearest first."""
    found = children_of(pid)
    for child in found:
        found.extend(children_of(child))
    return found


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until(fact: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + DEADLINE_S
    while not fact():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


def test_without_a_url_three_tasks_are_repaired_and_judged_for_real() -> None:
    began_s = time.monotonic()
    run = play()
    lasted_s = time.monotonic() - began_s

    assert run.status == 0
    assert [block.task_id for block in run.blocks] == list(TASK_IDS)
    assert [block.success for block in run.blocks] == [True] * 3
    assert [block.actions for block in run.blocks] == [FOUR_STEPS] * 3
    assert lasted_s < 30
    tested, edited, tested_again, handed_in = run.blocks[0].rewards
    assert run.blocks[0].task_id == "syntax_fix_invoice_totals"
    assert tested < 0.20
    assert edited > 0.90
    assert tested_again >= 0.95
    assert handed_in >= 0.95


def test_doing_nothing_earns_nothing_for_real() -> None:
    run = play("--policy", "noop", "--score-field")

    assert run.status == 0
    assert [block.success for block in run.blocks] == [False] * 3
    assert all(block.rewards[-1] < 0.9 for block in run.blocks)


def test_many_episodes_at_once_are_told_in_order_with_the_same_rewards(tmp_path: Path) -> None:
    record = tmp_path / "trajectories.jsonl"
    run = play(
        *("--policy", "reference", "--episodes", "9", "--concurrency", "5"),
        *("--output", str(record)),
    )

    assert run.status == 0
    assert [block.task_id for block in run.blocks] == [TASK_IDS[n % 3] for n in range(9)]
    assert all(block.success for block in run.blocks)
    for first, later in zip(run.blocks[:2], run.blocks[3:5], strict=True):
        assert first.rewards == later.rewards
    assert len(record.read_text().splitlines()) == 9


def test_a_model_repairs_for_real_after_a_wrong_try() -> None:
    task = CATALOGUE["bug_fix_session_windows"]
    wrong = task.starter.replace("return", "return []  #", 1)
    with chat_server(
        says(f"```python\n{wrong}```"), says(f"```python\n{task.reference}```")
    ) as chat:
        run = play(*("--task", task.id, "--fallback", "none"), env={"API_BASE_URL": chat.base_url})

    (block,) = run.blocks
    assert (run.status, block.success) == (0, True)
    assert block.actions == ["run_tests", "edit_code", "edit_code", "run_tests", "submit_solution"]
    assert block.rewards[2] > block.rewards[1]
    assert "test_" in chat.calls[0].prompt
    hidden = CATALOGUE[task.id].test_hidden
    assert all(
        hidden not in call.prompt and task.reference not in call.prompt for call in chat.calls[:1]
    )


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["INT", "TERM"]
)
def test_a_signal_in_mid_episode_leaves_no_server_behind(
    number: signal.Signals, status: int
) -> None:
    playing = Playing("--policy", "reference", "--episodes", "500", "--concurrency", "2")
    playing.line()
    started = descends(playing.process.pid)

    run = playing.signalled(number)

    assert run.status == status
    assert run.blocks
    assert started
    wait_until(lambda: not any(is_alive(pid) for pid in started))


def test_a_player_that_is_killed_takes_its_server_with_it() -> None:
    playing = Playing("--policy", "reference", "--episodes", "500")
    playing.line()
    started = descends(playing.process.pid)

    playing.process.kill()
    playing.finished()

    assert started
    wait_until(lambda: not any(is_alive(pid) for pid in started))


def test_a_signal_while_the_server_starts_leaves_nothing_behind() -> None:
    playing = Playing("--policy", "reference")
    wait_until(lambda: bool(children_of(playing.process.pid)))
    started = descends(playing.process.pid)

    run = playing.signalled(signal.SIGINT)

    assert (run.status, run.stdout) == (130, "")
    wait_until(lambda: not any(is_alive(pid) for pid in started))


def test_a_server_that_cannot_start_says_why() -> None:
    run = play(env={"MAX_CONCURRENT_ENVS": "many"})

    assert (run.status, run.stdout) == (1, "")
    assert "the embedded server ended" in run.stderr
    assert "MAX_CONCURRENT_ENVS" in run.stderr


def test_the_servers_environment_holds_no_key() -> None:
    playing = Playing(
        "--policy", "reference", "--episodes", "500", env={"HF_TOKEN": "hf_secret", "API_KEY": "k"}
    )
    playing.line()

    (server,) = [
        pid
        for pid in children_of(playing.process.pid)
        if SERVER in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    environ = Path(f"/proc/{server}/environ").read_bytes()
    playing.signalled(signal.SIGINT)

    assert b"hf_secret" not in environ
    assert b"API_KEY" not in environ


def test_a_server_of_others_is_played_against_and_left_alone(tmp_path: Path) -> None:
    with serving() as server:
        first = play("--env-url", server.url, "--policy", "reference", "--concurrency", "3")
        again = play("--env-url", server.url, "--task", TASK_IDS[0], "--output", f"{tmp_path}/t")

        os.kill(server.pid, 0)

    assert (first.status, again.status) == (0, 0)
    assert [block.success for block in first.blocks] == [True] * 3
    episode = json.loads((tmp_path / "t").read_text())
    assert episode["success"]
    assert CATALOGUE[TASK_IDS[0]].test_hidden not in json.dumps(episode)
