import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.processes import cpu_time, descendants, memory

BUSY_S = 0.3
BUSY = f"""
import os, sys, time
child = os.fork()
while time.process_time() < {BUSY_S}:
    pass
if child:
    os.waitpid(child, 0)
    print("done", flush=True)
    sys.stdin.read()
"""


PARENT = """
import os, sys
if os.fork():
    print("done", flush=True)
sys.stdin.read()
"""


@contextmanager
def running(program: str) -> Iterator[int]:
    """A process that has said it is done and waits for the end of its input."""
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"done\n"
        yield process.pid


def test_cpu_time_counts_a_process_and_what_it_has_reaped() -> None:
    with running(BUSY) as pid:
        used = cpu_time(pid)

    assert used.server_s >= BUSY_S - 0.05
    assert used.guests_s >= BUSY_S - 0.05
    assert used.fork_servers_s == 0.0


def test_what_was_used_before_is_taken_away() -> None:
    with running(BUSY) as pid:
        before = cpu_time(pid)

        assert cpu_time(pid).since(before).total_s < BUSY_S


def test_memory_is_that_of_the_whole_tree() -> None:
    with running(PARENT) as pid:
        (child,) = descendants(pid)
        together, alone = memory(pid), memory(child)

    assert (together.processes, alone.processes) == (2, 1)
    assert together.rss_bytes > alone.rss_bytes > 0
    assert together.pss_bytes is not None
    assert 0 < together.pss_bytes <= together.rss_bytes


def test_nothing_is_below_a_process_that_has_gone() -> None:
    with running(PARENT) as pid:
        pass

    assert descendants(pid) == frozenset()
