"""Each limit of an exam, raised and lowered, in processes of this machine."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.limits import KIB, MIB, Limits
from sandbox.outcome import MemoryExceeded, OutputExceeded, TimedOut
from sandbox.process import ProcessSandbox
from tests.integration.sandbox_exams import exam, passed

ENDLESS = "def f():\n    while True: pass\n"


@pytest.mark.parametrize(
    ("limits", "source", "outcome"),
    [
        (
            Limits(test_wall_s=0.3),
            "import time\ndef f(): time.sleep(1); return 1",
            TimedOut("wall"),
        ),
        (Limits(cpu_s=1, test_wall_s=9.0), ENDLESS, TimedOut("cpu")),
        (
            Limits(memory_bytes=64 * MIB),
            "def f(): return len(bytearray(100 << 20)) and 1",
            MemoryExceeded(),
        ),
        (Limits(output_bytes=100), "def f(): print('x' * 200); return 1", OutputExceeded()),
    ],
    ids=["wall", "cpu", "memory", "output"],
)
def test_a_shortened_limit_holds(
    sandbox: ProcessSandbox, limits: Limits, source: str, outcome: object
) -> None:
    (test,) = sandbox.run(exam(source, limits=limits)).tests

    assert not test.passed
    assert test.outcome == outcome


@pytest.mark.parametrize(
    ("limits", "source"),
    [
        (Limits(test_wall_s=6.0), "import time\ndef f(): time.sleep(2.5); return 1"),
        (Limits(memory_bytes=600 * MIB), "def f(): return len(bytearray(400 << 20)) and 1"),
        (Limits(output_bytes=MIB), "def f(): print('x' * 500_000); return 1"),
        (Limits(open_files=200), "def f(): return len([open('x', 'w') for _ in range(150)]) and 1"),
        (
            Limits(file_size_bytes=4 * MIB),
            "def f(): open('x', 'w').write('x' * (3 << 20)); return 1",
        ),
    ],
    ids=["wall", "memory", "output", "files", "file"],
)
def test_a_raised_limit_holds(sandbox: ProcessSandbox, limits: Limits, source: str) -> None:
    assert passed(sandbox.run(exam(source))) == [False]
    assert passed(sandbox.run(exam(source, limits=limits))) == [True]
    assert passed(sandbox.run(exam(source))) == [False]


@pytest.mark.parametrize(
    ("limits", "works"),
    [
        (Limits(frame_bytes=64 * KIB), False),
        (Limits(), True),
        (Limits(frame_bytes=16 * MIB), True),
    ],
)
def test_a_frames_limit_holds(sandbox: ProcessSandbox, limits: Limits, works: bool) -> None:
    tests = "from solution import f\ndef test_f():\n    assert f('x' * 100_000) == 'x' * 100_000\n"

    assert passed(sandbox.run(exam("def f(x): return x", tests, limits=limits))) == [works]


@pytest.mark.parametrize(
    ("limits", "depth", "works"),
    [
        (Limits(value_depth=20), 30, False),
        (Limits(), 190, True),
        (Limits(), 210, False),
        (Limits(value_depth=500), 490, True),
    ],
)
def test_a_depth_limit_holds(
    sandbox: ProcessSandbox, limits: Limits, depth: int, works: bool
) -> None:
    tests = (
        "from solution import f\n"
        "def nest(x, n):\n"
        "    for _ in range(n): x = [{'k': (x,)}] if n > 500 else [x]\n"
        "    return x\n"
        f"def test_f():\n    given = nest(1, {depth})\n    answer = f(given)\n"
        "    while isinstance(answer, list): answer, = answer\n"
        "    assert answer == 1\n"
    )

    assert passed(sandbox.run(exam("def f(x): return x", tests, limits=limits))) == [works]


COUNTS = """
import threading
def f(wanted):
    go = threading.Event()
    started = []
    for _ in range(wanted):
        one = threading.Thread(target=go.wait)
        try: one.start()
        except RuntimeError: break
        started.append(one)
    go.set()
    for one in started: one.join()
    return len(started)
"""


@pytest.mark.parametrize(
    ("limits", "wanted", "started"),
    [
        (Limits(), 16, 16),
        (Limits(), 17, 16),
        (Limits(threads=4), 4, 4),
        (Limits(threads=4), 5, 4),
        (Limits(threads=0), 1, 0),
        (Limits(threads=24), 30, 24),
    ],
)
def test_threads_are_counted(
    sandbox: ProcessSandbox, limits: Limits, wanted: int, started: int
) -> None:
    tests = f"from solution import f\ndef test_f():\n    assert f({wanted}) == {started}\n"

    assert passed(sandbox.run(exam(COUNTS, tests, limits=limits))) == [True]


def test_joined_threads_make_room(sandbox: ProcessSandbox) -> None:
    tests = "from solution import f\ndef test_f():\n    assert {f(16) for _ in range(20)} == {16}\n"

    assert passed(sandbox.run(exam(COUNTS, tests))) == [True]


def test_a_sibling_that_starts_threads_without_end_takes_none_away(
    sandbox: ProcessSandbox,
) -> None:
    greedy = (
        "import threading\n"
        "threading.stack_size(2**16)\n"
        "def f():\n"
        "    never = threading.Event()\n"
        "    while True:\n"
        "        try: threading.Thread(target=never.wait, daemon=True).start()\n"
        "        except RuntimeError: pass\n"
    )
    tests = "from solution import f\ndef test_f():\n    assert {f(16) for _ in range(9)} == {16}\n"

    with ThreadPoolExecutor(1) as pool:
        sibling = pool.submit(sandbox.run, exam(greedy, limits=Limits(test_wall_s=4.0)))
        found = []
        while not sibling.done():
            found.append(passed(sandbox.run(exam(COUNTS, tests))))

    assert len(found) > 3
    assert all(one == [True] for one in found)
    assert passed(sibling.result()) == [False]


def test_a_limit_of_one_exam_is_not_the_next_ones(sandbox: ProcessSandbox) -> None:
    hungry = "def f(): return len(bytearray(180 << 20)) and 1"
    small = Limits(memory_bytes=64 * MIB, threads=1)

    for _ in range(6):
        (tight,) = sandbox.run(exam(hungry, limits=small)).tests
        (usual,) = sandbox.run(exam(hungry)).tests
        assert not tight.passed, tight
        assert usual.passed, usual


def test_a_reply_too_large_for_the_examiner_is_the_submissions_own_doing(
    sandbox: ProcessSandbox,
) -> None:
    tests = (
        "from solution import f\n"
        "def test_before(): assert f(1) == []\n"
        "def test_huge(): assert f(2) == 1\n"
    )
    # an answer in the line's own form: eight million empty lists, a byte each
    source = (
        "import os, time\n"
        "ANSWER = b'\\x94\\x02\\xa2ok\\xdd' + (8_000_000).to_bytes(4, 'big')\n"
        "ANSWER += b'\\x90' * 8_000_000 + b'\\xc0'\n"
        "def f(n):\n"
        "    if n != 2: return []\n"
        "    rest = len(ANSWER).to_bytes(4, 'big') + ANSWER\n"
        "    while rest: rest = rest[os.write(3, rest):]\n"
        "    time.sleep(9)\n"
    )

    report = sandbox.run(exam(source, tests, limits=Limits(test_wall_s=10.0, exam_wall_s=30.0)))

    assert passed(report) == [True, False]
    assert report.tests[1].outcome == MemoryExceeded()
