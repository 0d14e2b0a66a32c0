"""`python -m worker` with the real process sandbox."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from redis import Redis

from tasks.catalogue import load
from tests.e2e.live import free_port
from tests.integration.cluster import alive_workers, crew, wait_until
from tests.redis_server import RedisServer
from worker.alive import presence
from worker.audit import AuditReport

ROOT = Path(__file__).parents[2]
PATIENCE_S = 240.0


def run(*argv: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "worker", *argv],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", **environ},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def test_the_doctor_finds_this_machine_well() -> None:
    found = run("doctor")

    assert found.returncode == 0, found.stdout + found.stderr
    assert "in force  seccomp" in found.stdout
    assert found.stdout.count("\nwell ") == 4


def test_the_doctor_says_which_required_layer_is_missing() -> None:
    found = run("doctor", SANDBOX_REQUIRE="seccomp,moat")

    assert found.returncode == 1
    assert "REFUSED   isolation layers missing here: moat" in found.stdout
    assert found.stdout.count("\nwell ") == 4


def test_every_built_in_task_holds_its_audit(tmp_path: Path) -> None:
    found = run("audit", "--json", str(tmp_path / "audit.json"))

    assert found.returncode == 0, found.stdout + found.stderr
    report = msgspec.json.decode((tmp_path / "audit.json").read_bytes(), type=AuditReport)
    assert report.held
    assert {check.task_id for check in report.checks} == set(load())
    assert found.stdout.endswith(f"{len(report.checks)} checks, 0 failed\n")


def test_an_audit_finds_a_canary_that_solves_its_task(tmp_path: Path) -> None:
    folder = tmp_path / "too_easy"
    (folder / "canaries").mkdir(parents=True)
    files = {
        "task.toml": (
            'id = "too_easy"\ntitle = "Any"\nkind = "bug_fix"\ndifficulty = "easy"\n'
            'entry_points = ["f"]\n[provenance]\nsource = "own"\nlicence = "MIT"\n'
            "[canaries]\nconstant = 0.5\n"
        ),
        "instruction.md": "Return one more.\n",
        "starter.py": "def f(n):\n    return n\n",
        "reference.py": "def f(n):\n    return n + 1\n",
        "test_public.py": "from solution import f\n\n\ndef test_f():\n    assert f(1) == 2\n",
        "test_hidden.py": "from solution import f\n\n\ndef test_f():\n    assert f(1) == 2\n",
        "canaries/constant.py": "def f(n):\n    return 2\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")

    found = run("audit", "--task", "too_easy", TASKS_PATH=str(tmp_path))

    assert found.returncode == 1
    assert "FAIL canary constant at most 0.5" in found.stdout


def test_workers_count_as_alive_on_their_own_host_and_no_longer_once_they_left(
    redis_server: RedisServer,
) -> None:
    before = run("alive", REDIS_URL=redis_server.url)
    with crew(redis_server.url, 1):
        during = run("alive", REDIS_URL=redis_server.url)
        elsewhere = presence(redis_server.url, "elsewhere")
    after = run("alive", REDIS_URL=redis_server.url)

    host = socket.gethostname()
    assert (before.returncode, before.stdout) == (1, f"0 living workers on {host}\n")
    assert (during.returncode, during.stdout) == (0, f"1 living workers on {host}\n")
    assert (elsewhere.workers, elsewhere.fault) == (0, "")
    assert (after.returncode, after.stdout) == (1, f"0 living workers on {host}\n")


def test_a_frozen_worker_does_not_count_as_alive(redis_server: RedisServer) -> None:
    host = socket.gethostname()

    with crew(redis_server.url, 1), Redis.from_url(redis_server.url) as redis:
        pid = alive_workers(redis)[0].pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        try:
            wait_until(lambda: presence(redis_server.url, host).workers == 0)
        finally:
            os.kill(pid, signal.SIGCONT)
        wait_until(lambda: presence(redis_server.url, host).workers == 1)


def test_nobody_counts_as_alive_while_redis_is_away() -> None:
    found = run("alive", REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")

    assert found.returncode == 1
    assert found.stdout.startswith("REDIS_URL: ")
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize(
    ("argv", "environ", "message"),
    [
        (["audit", "--task", "nope"], {}, "unknown task_id 'nope'; the tasks are"),
        (["audit"], {"TASKS_PATH": "/nowhere"}, "bad task: /nowhere: can not be read"),
        (["audit"], {"SANDBOX_REQUIRE": "moat"}, "isolation layers missing here: moat"),
        (["doctor"], {"GRADING_CONCURRENCY": "many"}, "GRADING_CONCURRENCY: "),
        (["dance"], {}, "invalid choice"),
    ],
)
def test_what_can_not_be_carried_out_is_a_usage_error(
    argv: list[str], environ: dict[str, str], message: str
) -> None:
    found = run(*argv, **environ)

    assert (found.returncode, found.stdout) == (2, "")
    assert message in found.stderr
    assert "Traceback" not in found.stderr


ENDED_OFTEN = """
import os, signal, sys, threading, time
from worker import crew
crew.LOOK_S = 0.0
def end():
    while signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        time.sleep(0.001)
    time.sleep(0.005)
    os.kill(os.getpid(), signal.SIGTERM)
for _ in range(100):
    threading.Thread(target=end).start()
    if crew.Crew(0, lambda process_id: crew.Release()).run() != 0:
        sys.exit("not drained")
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
"""


def test_a_crew_ends_at_whatever_moment_it_is_told_to() -> None:
    ended = subprocess.run([sys.executable, "-c", ENDED_OFTEN], cwd=ROOT, timeout=60, check=False)

    assert ended.returncode == 0
