"""Exams in processes of this machine: many at once, analysed, seeded, and how they end."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.limits import KIB, MIB, Limits
from sandbox.outcome import ExitedEarly
from sandbox.process import ProcessSandbox
from tests.integration.sandbox_exams import exam, passed, verdicts

RIGHT = "def f():\n    return 1\n"


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
