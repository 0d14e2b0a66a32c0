import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.exam import Workload
from sandbox.limits import KIB, MIB, Limits
from sandbox.outcome import (
    ExitedEarly,
    MemoryExceeded,
    OutputExceeded,
    TimedOut,
)
from sandbox.process import ProcessSandbox
from tests.integration.sandbox_exams import exam, passed, verdicts

RIGHT = "def f():\n    return 1\n"
ENDLESS = "def f():\n    while True: pass\n"


@pytest.fixture(scope="module", name="sandbox")
def shared_sandbox() -> Iterator[ProcessSandbox]:
    with ProcessSandbox(concurrency=2) as sandbox:
        yield sandbox


def test_one_exam_from_many_threads_at_once_says_the_same(sandbox: ProcessSandbox) -> None:
    tests = (
        "from solution import f\n"
        "import pytest\n"
        "@pytest.mark.parametrize('n', range(5))\n"
        "def test_f(n):\n    assert f(n) != 3\n"
    )
    asked = exam("def f(n):\n    print(n)\n    return n\n", tests)

    with ThreadPoolExecutor(8) as pool:
        reports = list(pool.map(lambda _: sandbox.run(asked), range(24)))

    assert passed(reports[0]) == [True, True, True, False, True]
    assert all(verdicts(one) == verdicts(reports[0]) for one in reports)


def test_different_exams_at_once_do_not_meet(sandbox: ProcessSandbox) -> None:
    def answer(number: int) -> bool:
        tests = f"from solution import f\ndef test_f():\n    assert f() == {number % 3}\n"
        return passed(sandbox.run(exam(f"def f(): return {number % 5}", tests)))[0]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(answer, range(30)))

    assert found == [number % 3 == number % 5 for number in range(30)]


def test_health_says_what_a_guest_finds(sandbox: ProcessSandbox) -> None:
    source = (
        "import os, socket\n"
        "def refused(act, *args):\n"
        "    try: act(*args)\n"
        "    except OSError: return True\n"
        "    return False\n"
        "def f(uid, outside, own):\n"
        "    found = []\n"
        "    if refused(socket.socket): found.append('seccomp')\n"
        "    if not os.path.exists(outside): found.append('mount')\n"
        "    if refused(os.listdir, own): found.append('landlock')\n"
        "    if os.getuid() != uid: found.append('users')\n"
        "    if os.getppid() in (0, 1): found.append('pid')\n"
        "    return found\n"
    )
    health = sandbox.health()
    facts = (os.getuid(), str(Path(__file__).parent), "/usr/share/zoneinfo/..")
    told = [one for one in ("seccomp", "mount", "landlock", "users", "pid") if one in health.layers]
    tests = f"from solution import f\ndef test_f():\n    assert f{facts} == {told}\n"

    (test,) = sandbox.run(exam(source, tests)).tests

    assert test.passed, (test.message, health)
    assert health.backend == "process"
    assert set(health.layers).isdisjoint(health.missing)
    assert {"process", "rlimits", "no_new_privs"} <= set(health.layers)
    assert all(health.missing.values())


@pytest.mark.parametrize(
    "source",
    [
        *("x = '\0'", "\0" * 1000, "(" * 100 * KIB, "[" * 90 + "]" * 90, "x = '\ud800'", "\ud800"),
        *("-" * 100_000 + "1", "x" + ".a" * 30_000, "1" + "+1" * 30_000, "not " * 25_000 + "x"),
        *(
            "lambda: " * 12_000 + "x",
            "f" + "(x)" * 30_000,
            "if x:\n" + " if x:\n" * 90,
            "\f" * 9999,
        ),
        *("if x: pass\n" + "elif x: pass\n" * 6000, "x = " + "1 if x else " * 8000 + "1", ""),
        *(
            "f'" + "{x!r:{y}}" * 9000 + "'",
            "x" + "[0]" * 30_000,
            "x = " * 20_000 + "1",
            "\ufeffx = 1",
        ),
        *("def f(" + ",".join(f"a{n}" for n in range(15_000)) + "): pass", "{" * 95 + "}" * 95),
        *("x = '" + "\u202e" * 30_000 + "'", "\\\n" * 50_000, "# -*- coding: utf-7 -*-\nx = 1"),
        *("@a\n" * 30_000 + "def f(): pass", "class A:\n x = 1\n" * 5000, "async " * 20_000),
    ],
    ids=lambda source: repr(source[:12]),
)
def test_any_source_is_analysed_or_said_not_to_compile(
    sandbox: ProcessSandbox, source: str
) -> None:
    analysis = sandbox.analyse(source)

    if analysis.syntax_problem is not None:
        assert analysis.syntax_problem.message
        assert analysis.findings == ()
    assert sandbox.analyse("import os\n").findings[0].code == "F401"


def test_an_analysis_runs_nothing_of_the_source(sandbox: ProcessSandbox) -> None:
    analysis = sandbox.analyse("import os\nos._exit(1)\nwhile True: pass\n")

    assert analysis.syntax_problem is None
    assert analysis.loop_depth == 1


SEEDED = (
    "import random\n"
    "def f():\n    return [*{'apple', 'pear', 'plum', 'fig'}], hash('x'), random.random()\n"
)
SHOW = "from solution import f\ndef test_f():\n    assert f() is None\n"


def test_seeds_are_fixed_and_told(sandbox: ProcessSandbox) -> None:
    first, second = (sandbox.run(exam(SEEDED, SHOW)) for _ in range(2))
    other = sandbox.run(exam(SEEDED, SHOW, seed=1))

    assert verdicts(first) == verdicts(second)
    assert "apple" in first.tests[0].actual
    assert verdicts(other) != verdicts(first)


def test_another_hash_seed_gives_another_order() -> None:
    found = set()
    for seed in range(4):
        with ProcessSandbox(concurrency=1, hash_seed=seed) as sandbox:
            found.add(sandbox.run(exam(SEEDED, SHOW)).tests[0].actual)

    assert len(found) == 4


REFERENCE = "def f(items):\n    return sum(sorted(items))\n"
WORKLOAD = "def make_inputs(rng):\n    return ([rng.random() for _ in range(20_000)],)\n"
TIMED = "from solution import f\ndef test_f():\n    assert f([1, 2]) == 3\n"


def ratio(sandbox: ProcessSandbox, source: str) -> float:
    workload = Workload(source=WORKLOAD, reference=REFERENCE, entry_point="f", cost_ratio=50.0)
    report = sandbox.run(exam(source, TIMED, workload=workload))
    assert passed(report) == [True]
    assert report.timing is not None
    assert report.timing.outputs_agree
    return report.timing.ratio


def test_timing_puts_submissions_in_order(sandbox: ProcessSandbox) -> None:
    slow = "def f(items):\n    for _ in range(8): sorted(items)\n    return sum(sorted(items))\n"
    fast = "def f(items):\n    items.sort()\n    return sum(items)\n"

    slower, equal, faster = (ratio(sandbox, one) for one in (slow, REFERENCE, fast))

    assert slower > 4
    assert 0.6 < equal < 1.6
    assert faster < slower / 3


@pytest.mark.parametrize(
    ("source", "agree"),
    [
        ("def f(items):\n    return sum(items) if len(items) < 9 else 0\n", False),
        ("def f(items):\n    return sum(items) if len(items) < 9 else 1 / 0\n", False),
        ("import os\ndef f(items):\n    return 3 if len(items) < 9 else os._exit(0)\n", True),
    ],
)
def test_a_submission_that_fails_when_timed_has_no_ratio(
    sandbox: ProcessSandbox, source: str, agree: bool
) -> None:
    workload = Workload(source=WORKLOAD, reference=REFERENCE, entry_point="f", cost_ratio=50.0)

    timing = sandbox.run(exam(source, TIMED, workload=workload)).timing

    assert timing is not None
    assert timing.ratio == float("inf")
    assert timing.outputs_agree is agree


@pytest.mark.parametrize(
    ("workload", "reference", "said"),
    [
        ("def make_inputs(rng):\n    return 1 / 0\n", REFERENCE, "ZeroDivisionError"),
        ("make_input = 1", REFERENCE, "make_inputs"),
        ("def make_inputs(", REFERENCE, "SyntaxError"),
        ("def make_inputs(rng):\n    return (print,)\n", REFERENCE, "can not pass"),
        ("def make_inputs(rng):\n    return ('x' * 2**24,)\n", REFERENCE, "bytes of arguments"),
        (WORKLOAD, "def f(items):\n    return 1 / 0\n", "the reference failed: ZeroDivisionError"),
        (WORKLOAD, "def f(", "the reference does not load"),
        (WORKLOAD, "import os\nos._exit(0)", "the reference does not load"),
        (WORKLOAD, "import os\ndef f(items): os._exit(0)", "the reference failed: CandidateGone"),
    ],
)
def test_a_workload_or_reference_at_fault_is_the_authors(
    sandbox: ProcessSandbox, workload: str, reference: str, said: str
) -> None:
    timed = Workload(source=workload, reference=reference, entry_point="f", cost_ratio=9.0)

    report = sandbox.run(exam(REFERENCE, TIMED, workload=timed))

    assert said in report.collection_error
    assert report.timing is None
    assert passed(report) == [True]


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


def test_what_a_guest_uses_is_told(sandbox: ProcessSandbox) -> None:
    source = (
        "import time\n"
        "def f():\n"
        "    kept = bytearray(b'x' * (64 << 20))\n"
        "    end = time.process_time() + 0.3\n"
        "    while time.process_time() < end: pass\n"
        "    return 1\n"
    )

    usage = sandbox.run(exam(source)).usage

    assert 0.3 <= usage.cpu_s < 2.0
    assert usage.wall_s >= 0.3
    assert 64 * MIB < usage.peak_memory_bytes < 200 * MIB


def test_an_early_exit_costs_its_test_and_no_other(sandbox: ProcessSandbox) -> None:
    tests = (
        "from solution import f\n"
        "import pytest\n"
        "@pytest.mark.parametrize('n', range(4))\n"
        "def test_f(n):\n    assert f(n) == n\n"
    )
    source = "import os\ndef f(n): return os._exit(7) if n == 1 else n"

    report = sandbox.run(exam(source, tests, hidden=tests))

    assert passed(report) == [True, False, True, True] * 2
    assert report.tests[1].outcome == ExitedEarly(status=7)
    assert report.tests[5].outcome == ExitedEarly(status=1)


@pytest.mark.parametrize("number", [6, 9, 11, 15, 34, 40, 64])
def test_any_signal_of_its_own_is_told(sandbox: ProcessSandbox, number: int) -> None:
    source = f"import os, signal\ndef f(): os.kill(os.getpid(), {number}); signal.pause()"

    (test,) = sandbox.run(exam(source, limits=Limits(test_wall_s=1.0))).tests

    assert not test.passed
    assert test.message


def test_a_name_the_submission_lacks_fails_the_tests_that_use_it(sandbox: ProcessSandbox) -> None:
    tests = (
        "from solution import f, missing, Missing\n"
        "import pytest\n"
        "def test_without(): assert f() == 1\n"
        "def test_call(): assert missing(2)\n"
        "def test_raises():\n    with pytest.raises(Missing): f()\n"
    )

    report = sandbox.run(exam(RIGHT, tests))

    assert passed(report) == [True, False, False]
    assert "missing" in report.tests[1].message
