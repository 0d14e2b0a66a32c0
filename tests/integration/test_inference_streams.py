"""What `inference.py` does with its streams and with signals, in the middle of episodes."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.chat_server import hanging_chat_server
from tests.integration.env_server import TASK_IDS, env_server
from tests.integration.inference_process import (
    DEADLINE_S,
    ROOT,
    SCRIPT,
    Playing,
    blocks_of,
    environment,
    play,
)

NOISY_IMPORTS = """
import os, sys

class Noisy:
    def find_spec(self, name, path=None, target=None):
        if name in {"agents.run", "httpx", "websockets"}:
            print("noise of", name)
            os.write(1, b"more noise\\n")
        return None

sys.meta_path.insert(0, Noisy())
"""


def test_lines_are_written_as_they_happen() -> None:
    with env_server(waits_at_step=3) as server:
        playing = Playing("--env-url", server.url, "--policy", "reference")

        first_lines = [playing.line() for _ in range(3)]

        assert server.waiting.wait(DEADLINE_S)
        assert [line.split()[0] for line in first_lines] == ["[START]", "[STEP]", "[STEP]"]
        run = playing.signalled(signal.SIGINT)

    assert run.status == 130
    assert len(run.blocks) == 1


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["INT", "TERM"]
)
@pytest.mark.parametrize("concurrency", ["1", "3"])
def test_a_signal_in_mid_episode_ends_every_block_that_began(
    number: signal.Signals, status: int, concurrency: str, tmp_path: Path
) -> None:
    record = tmp_path / "trajectories.jsonl"
    with env_server(waits_at_step=2) as server:
        playing = Playing(
            *("--env-url", server.url, "--policy", "reference", "--concurrency", concurrency),
            *("--output", str(record)),
        )
        assert server.waiting.wait(DEADLINE_S)

        run = playing.signalled(number)

    assert run.status == status
    assert f"stopped by {number.name}" in run.stderr
    assert [block.task_id for block in run.blocks] == list(TASK_IDS)[: int(concurrency)]
    assert all(not block.success for block in run.blocks)
    assert len(run.blocks[0].steps) == 1
    assert "Traceback" not in run.stderr
    kept = [json.loads(line) for line in record.read_text().splitlines()]
    assert {episode["broken"] for episode in kept} == {"interrupted"}


def test_a_signal_while_the_model_is_asked_ends_the_block() -> None:
    with env_server() as server, hanging_chat_server() as chat:
        playing = Playing("--env-url", server.url, env={"API_BASE_URL": chat.base_url})
        playing.line()
        playing.line()

        run = playing.signalled(signal.SIGINT)

    assert run.status == 130
    assert [block.actions for block in run.blocks] == [["run_tests"]]


def test_nothing_that_imports_print_reaches_standard_output(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(NOISY_IMPORTS)

    with env_server() as server:
        run = play("--env-url", server.url, env={"PYTHONPATH": str(tmp_path)})

    assert [block.success for block in run.blocks] == [True] * 3
    assert "noise of agents.run" in run.stderr
    assert "more noise" in run.stderr


def test_a_reader_that_leaves_ends_the_run_without_a_traceback() -> None:
    with env_server(answers_late_s=dict.fromkeys(TASK_IDS, 0.1)) as server:
        playing = Playing("--env-url", server.url, "--policy", "reference")
        playing.line()

        playing.stdout.close()
        run = playing.finished()

    assert run.status == 1
    assert "nobody reads standard output" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_progress_bar_is_drawn_on_a_terminal_and_only_there() -> None:
    with env_server() as server:
        piped = play("--env-url", server.url, "--policy", "noop")
        on_terminal, drawn = played_on_terminal("--env-url", server.url, "--policy", "noop")

    assert "0/3" not in piped.stderr
    assert [block.task_id for block in blocks_of(on_terminal)] == list(TASK_IDS)
    assert "0/3" in drawn
    assert "3/3" in drawn


def played_on_terminal(*arguments: str) -> tuple[str, str]:
    """Play with standard error on a terminal; return both streams."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), *arguments],
        cwd=ROOT,
        env=environment({"TERM": "xterm"}),
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    drawn = b""
    try:
        while chunk := os.read(ours, 4096):
            drawn += chunk
    except OSError:  # Linux says so when the last writer of a terminal is gone
        pass
    os.close(ours)
    assert process.stdout is not None
    with process.stdout as stdout:
        said = stdout.read()
    assert process.wait(DEADLINE_S) == 0
    return said, drawn.decode()


def test_help_is_asked_for_and_goes_where_people_look() -> None:
    run = play("--help")

    assert run.status == 0
    assert "--env-url" in run.stdout
