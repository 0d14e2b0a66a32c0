"""The server as a process: its start, its refusals to start, and its end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[2]
START_DEADLINE_S = 30.0
END_DEADLINE_S = 5.0
SERVICE_RESTART = 1012
STARTUP_FAILED = 3
USAGE = 2
SUBMITTED = "text_of_the_submission"


@contextmanager
def started(*argv: str, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-m", *argv],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def url_of(process: subprocess.Popen[bytes]) -> str:
    """Read the log up to the line that tells the address."""
    assert process.stderr is not None
    give_up_s = time.monotonic() + START_DEADLINE_S
    for line in process.stderr:
        assert time.monotonic() < give_up_s
        if b"Uvicorn running on" in line:
            return line.split(b"running on ")[1].split(b" ")[0].decode()
    raise AssertionError(f"the server ended with {process.wait()}")


@pytest.mark.parametrize("argv", [("server.app",), ("uvicorn", "server.app:app", "--port", "0")])
def test_it_ends_within_5_s_of_sigterm_with_live_sockets(argv: tuple[str, ...]) -> None:
    with started(*argv, PORT="0") as process:
        url = url_of(process)
        with connect(url.replace("http", "ws") + "/ws") as socket:
            socket.send('{"type": "reset"}')
            assert json.loads(socket.recv())["type"] == "observation"
            began_s = time.monotonic()
            process.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=END_DEADLINE_S)
            _, log = process.communicate(timeout=END_DEADLINE_S)
            took_s = time.monotonic() - began_s

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == SERVICE_RESTART
    assert took_s < END_DEADLINE_S
    assert b"server_stopped" in log


def test_it_plays_an_episode_and_logs_no_submitted_text() -> None:
    with started("server", PORT="0") as process:
        url = url_of(process)
        with httpx.Client(base_url=url, timeout=30) as client:
            client.post("/reset", json={})
            action = {"action_type": "edit_code", "code": f"{SUBMITTED} = 1\nraise ValueError"}
            edited = client.post("/step", json={"action": action})
            assert edited.status_code == httpx.codes.OK
            assert SUBMITTED in edited.json()["observation"]["current_code"]
            assert client.get("/readyz").json()["self_test"] == "passed"
        process.send_signal(signal.SIGTERM)
        out, log = process.communicate(timeout=END_DEADLINE_S)

    assert SUBMITTED.encode() not in out + log
    assert all(json.loads(line) for line in log.splitlines())


def test_a_setting_that_can_not_be_used_is_named() -> None:
    with started("server.app", PORT="many") as process:
        _, log = process.communicate(timeout=START_DEADLINE_S)

    assert process.returncode == USAGE
    assert b"PORT is 'many'" in log


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"REDIS_URL": "http://127.0.0.1"}, b"REDIS_URL"),
        ({"TASKS_PATH": "/nowhere/at/all"}, b"/nowhere/at/all"),
        ({"SANDBOX_REQUIRE": "moat"}, b"moat"),
        ({"GRADING_CONCURRENCY": "0"}, b"GRADING_CONCURRENCY"),
        ({"PROMETHEUS_MULTIPROC_DIR": "/nowhere"}, b"PROMETHEUS_MULTIPROC_DIR"),
    ],
)
def test_a_server_that_can_not_start_says_why_without_a_traceback(
    environ: dict[str, str], told: bytes
) -> None:
    with started("uvicorn", "server.app:app", "--port", "0", **environ) as process:
        _, log = process.communicate(timeout=START_DEADLINE_S)

    assert process.returncode == STARTUP_FAILED
    assert told in log
    assert b"Traceback" not in log
