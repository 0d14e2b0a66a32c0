"""`python -m load` as a user runs it."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from load.figures import Figures
from tests.e2e.live import serving
from tests.load.process_session import members
from tests.tree import ROOT

STARTS_WITHIN_S = 60.0
NOBODY = "http://127.0.0.1:9"
"""The port of the discard service, on which nobody listens."""


def load_command(output: Path, *options: str) -> Sequence[str]:
    return [sys.executable, "-m", "load", "--output", str(output), *options]


def test_a_small_load_is_played_checked_and_written_down(tmp_path: Path) -> None:
    done = subprocess.run(
        load_command(
            tmp_path,
            *("--episodes", "24", "--concurrency", "8", "--variants", "1"),
            *("--workers", "2", "--mix", "right=2,wrong=1,hostile=1"),
        ),
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 0, done.stderr + done.stdout
    figures = msgspec.json.decode((tmp_path / "load.json").read_bytes(), type=Figures)
    assert (figures.episodes, figures.ended) == (24, 24)
    assert (figures.lost, figures.doubled, figures.wrong) == (0, 0, 0)
    assert set(figures.kinds) == {"right", "wrong", "hostile"}
    assert figures.kinds["right"].successes == figures.kinds["right"].episodes
    assert figures.kinds["hostile"].successes == 0
    assert figures.latencies["submit_solution"].count == 24
    assert (tmp_path / "load.png").read_bytes().startswith(b"\x89PNG")
    assert done.stdout.endswith("lost 0, doubled 0, wrong 0\n")


def test_where_the_queue_is_full_the_step_is_sent_again_on_the_same_socket(
    tmp_path: Path,
) -> None:
    with serving({"GRADING_CONCURRENCY": "1", "QUEUE_LIMIT": "1"}) as server:
        options = ("--episodes", "12", "--concurrency", "6", "--variants", "1", "--mix", "right=1")
        done = subprocess.run(
            load_command(tmp_path, "--url", server.url, *options),
            cwd=ROOT,
            capture_output=True,
            check=False,
            text=True,
        )

    assert done.returncode == 0, done.stderr + done.stdout
    figures = msgspec.json.decode((tmp_path / "load.json").read_bytes(), type=Figures)
    assert figures.faults["All graders are busy and the queue is full"] > 0
    assert (figures.sockets_lost, figures.resumed) == (0, 0)


def test_where_no_gateway_answers_it_says_so_and_fails(tmp_path: Path) -> None:
    done = subprocess.run(
        load_command(tmp_path, "--url", NOBODY, "--step-s", "0.5"),
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 1
    assert "no gateway answers" in done.stderr


def test_asked_to_end_it_takes_its_cluster_along(tmp_path: Path) -> None:
    with (tmp_path / "stderr").open("wb") as told:
        process = subprocess.Popen(
            load_command(tmp_path), cwd=ROOT, stderr=told, start_new_session=True
        )
    try:
        give_up_s = time.monotonic() + STARTS_WITHIN_S
        while b"each alone" not in (tmp_path / "stderr").read_bytes():
            assert process.poll() is None
            assert time.monotonic() < give_up_s
            time.sleep(0.05)
        processes = len(members(process.pid))
        process.send_signal(signal.SIGTERM)
        status = process.wait(STARTS_WITHIN_S)
    finally:
        process.kill()
        process.wait()

    assert processes > 6
    assert status == 130
    assert members(process.pid) == []
