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

from tests.corpus.outside import descendants
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
    print("ready", flush=True)
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


def alive(pids: set[int]) -> set[int]:
    """Return those that still run; a process that waits to be reaped does not."""
    states = {}
    for pid in pids:
        try:
            states[pid] = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return {pid for pid, state in states.items() if state not in "ZX"}


@pytest.mark.parametrize("how", ["time.sleep(3600)", "while True: pass"])
def test_guests_do_not_outlive_their_server(server: subprocess.Popen[str], how: str) -> None:
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(STAYING.format(how=how))
    server.stdin.close()
    server.stdin = None
    assert server.stdout.readline() == "ready\n"
    time.sleep(1.0)  # the guest is in its call by then; there is no fact to wait for from outside
    guests = descendants(server.pid)
    assert len(guests) > 2

    os.kill(server.pid, signal.SIGKILL)

    give_up = time.monotonic() + GONE_WITHIN_S
    while alive(guests) and time.monotonic() < give_up:
        time.sleep(0.02)
    assert alive(guests) == set()
