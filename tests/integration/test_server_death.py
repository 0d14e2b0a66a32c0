"""A server that is killed takes its guests with it, whatever they have done to stay."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from sandbox.process import ProcessSandbox
from tests.corpus.outside import descendants
from tests.integration.sandbox_exams import exam, passed, until
from tests.tree import ROOT

GONE_WITHIN_S: Final = 5.0
SERVER: Final = """
import sys
from sandbox.exam import Exam, TestFile
from sandbox.limits import Limits
from sandbox.process import ProcessSandbox

test = "from solution import stay\\ndef test_stay():\\n    assert stay()\\n"
exam = Exam(
    source=sys.stdin.read(),
    entry_points=("stay",),
    test_files=(TestFile(name="test_public.py", source=test, hidden=False),),
    limits=Limits(test_wall_s=30.0, exam_wall_s=50.0, cpu_s=60),
)
with ProcessSandbox(concurrency=2) as sandbox:
    print(sandbox._scratch.path, flush=True)
    sandbox.run(exam)
"""
STAYING: Final = """
import ctypes, os, signal, threading, time
libc = ctypes.CDLL(None)
libc.prctl(1, 0, 0, 0, 0)
for number in signal.valid_signals():
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
def stay():
    {how}
"""


@pytest.fixture(name="server")
def started_server() -> Iterator[subprocess.Popen[str]]:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield server
    finally:
        server.kill()
        server.communicate()


def begin(server: subprocess.Popen[str], how: str) -> Path:
    """Have a server examine a submission that stays; return the server's scratch root."""
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(STAYING.format(how=how))
    server.stdin.close()
    server.stdin = None
    scratch = Path(server.stdout.readline().strip())
    assert scratch.is_dir()
    return scratch


def alive(pids: set[int]) -> set[int]:
    """Return those that still run; a process that waits to be reaped does not."""
    states = {}
    for pid in pids:
        try:
            states[pid] = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return {pid for pid, state in states.items() if state not in "ZX"}


def groups_of(scratch: Path) -> list[Path]:
    """Return the control groups that bear the token of a scratch root."""
    token = scratch.name.removeprefix("python-code-review-env-")
    return list(Path("/sys/fs/cgroup").glob(f"**/python_code_review_env/*-{token}-*"))


def has_groups(sandbox: ProcessSandbox) -> bool:
    return "cgroup" in sandbox.health().layers


@pytest.mark.parametrize("how", ["time.sleep(3600)", "while True: pass"])
def test_guests_do_not_outlive_their_server(server: subprocess.Popen[str], how: str) -> None:
    begin(server, how)
    time.sleep(1.0)  # the guest is in its call by then; there is no fact to wait for from outside
    guests = descendants(server.pid)
    assert len(guests) > 2

    os.kill(server.pid, signal.SIGKILL)

    until(lambda: not alive(guests), within_s=GONE_WITHIN_S)


def test_the_next_server_sweeps_what_a_killed_one_left_and_nothing_of_the_living(
    server: subprocess.Popen[str],
) -> None:
    scratch = begin(server, "time.sleep(3600)")
    guests = descendants(server.pid)
    with ProcessSandbox(concurrency=1) as neighbour:
        assert scratch.is_dir()
        assert groups_of(scratch) or not has_groups(neighbour)

        os.kill(server.pid, signal.SIGKILL)
        until(lambda: not alive(guests), within_s=GONE_WITHIN_S)
        with ProcessSandbox(concurrency=1):
            assert not scratch.exists()
            assert groups_of(scratch) == []
            assert passed(neighbour.run(exam("def f(): return 1"))) == [True]
