"""What every sandbox that runs submissions must do, whatever they run in."""

from collections.abc import Iterator
from contextlib import closing
from typing import Final

import pytest

from sandbox.backend import Sandbox
from sandbox.exam import ExamReport, Workload
from sandbox.limits import DEFAULT_LIMITS, MIB, Limits
from sandbox.outcome import (
    Crashed,
    ExitedEarly,
    Finished,
    MemoryExceeded,
    OutputExceeded,
    ProtocolViolation,
    SandboxUnavailable,
    TimedOut,
)
from sandbox.process import ProcessSandbox
from tests.containers import container_sandbox
from tests.integration.sandbox_exams import exam, passed

ONE: Final = "def f(): return 1\n"
SHOW: Final = "from solution import f\ndef test_f():\n    assert f() is None\n"
TWO_TESTS: Final = (
    "from solution import f\n"
    "def test_one():\n    assert f(1) == 1\n"
    "def test_two():\n    assert f(2) == 2\n"
)
THREADS: Final = (
    "import threading, time\n"
    "def f():\n"
    "    started = 0\n"
    "    for _ in range(100):\n"
    "        try: threading.Thread(target=time.sleep, args=(1,), daemon=True).start()\n"
    "        except RuntimeError: return started\n"
    "        started += 1\n"
    "    return started\n"
)
REFERENCE: Final = "def f(items):\n    return sum(sorted(items))\n"
WORKLOAD: Final = "def make_inputs(rng):\n    return ([rng.random() for _ in range(40_000)],)\n"
TIMED: Final = "from solution import f\ndef test_f():\n    assert f([1, 2]) == 3\n"


@pytest.fixture(
    scope="module",
    name="sandbox",
    params=["process", pytest.param("docker", marks=pytest.mark.docker)],
)
def started_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    sandbox: Sandbox
    if request.param == "process":
        sandbox = ProcessSandbox(concurrency=1)
    else:
        sandbox = container_sandbox(request.getfixturevalue("sandbox_image"), warm=3)
    with closing(sandbox):
        yield sandbox


def actual(report: ExamReport) -> str:
    """Return what the submission answered, from a test that does not expect it."""
    (test,) = report.tests
    return test.actual


def test_a_right_answer_passes_and_a_wrong_one_says_what_it_was(sandbox: Sandbox) -> None:
    right = sandbox.run(exam(ONE))
    wrong = sandbox.run(exam("def f(): return [2, 'x']\n"))

    assert passed(right) == [True]
    assert isinstance(right.outcome, Finished)
    assert passed(wrong) == [False]
    assert actual(wrong) == "[2, 'x']"


def test_what_is_printed_is_shown_in_order(sandbox: Sandbox) -> None:
    source = (
        "import sys\n"
        "def f():\n    print('out'); print('err', file=sys.stderr); print('x' * 9000)\n"
        "    return 1\n"
    )
    tests = (
        "from solution import f\n"
        "def test_f(capsys):\n"
        "    for _ in range(20):\n"
        "        assert f() == 1\n"
        "        said = capsys.readouterr()\n"
        "        assert said.out == 'out\\n' + 'x' * 9000 + '\\n'\n"
        "        assert said.err == 'err\\n'\n"
    )

    report = sandbox.run(exam(source, tests, limits=Limits(output_bytes=MIB)))

    assert passed(report) == [True], report.tests[0].message


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("import os\ndef f(n): return n if n == 2 else os._exit(3)\n", ExitedEarly(status=3)),
        (
            "import os\ndef f(n): return n if n == 2 else os.kill(os.getpid(), 11)\n",
            Crashed(signal=11),
        ),
        ("def f(n):\n    while n != 2: pass\n    return n\n", TimedOut("wall")),
        ("def f(n): return n if n == 2 else bytearray(300 << 20)\n", MemoryExceeded()),
        (
            "import os\ndef f(n):\n    if n != 2: os.write(3, b'\\xff' * 99)\n    return n\n",
            ProtocolViolation(reason="4294967295 bytes, at most 8388608 may cross"),
        ),
    ],
    ids=["exit", "crash", "wall", "memory", "frames"],
)
def test_a_lost_candidate_costs_its_test_and_no_other(
    sandbox: Sandbox, source: str, outcome: object
) -> None:
    first, second = sandbox.run(exam(source, TWO_TESTS, limits=Limits(test_wall_s=1.0))).tests

    assert not first.passed
    assert first.outcome == outcome
    assert second.passed, second


def test_output_is_limited(sandbox: Sandbox) -> None:
    (test,) = sandbox.run(exam("def f(): print('x' * 70_000); return 1\n")).tests

    assert test.outcome == OutputExceeded()


def test_cpu_time_is_limited(sandbox: Sandbox) -> None:
    source = "def f():\n    while True: pass\n"

    (test,) = sandbox.run(exam(source, limits=Limits(cpu_s=1, test_wall_s=20.0))).tests

    assert test.outcome == TimedOut("cpu")


def test_a_raised_memory_limit_holds_for_its_exam_alone(sandbox: Sandbox) -> None:
    source = "def f(): return len(bytearray(700 << 20)) and 1\n"
    raised = Limits(memory_bytes=900 * MIB, test_wall_s=10.0)

    assert passed(sandbox.run(exam(source, limits=raised))) == [True]
    assert sandbox.run(exam(source)).tests[0].outcome == MemoryExceeded()


@pytest.mark.parametrize("threads", [0, 5, DEFAULT_LIMITS.threads, 24])
def test_threads_are_counted(sandbox: Sandbox, threads: int) -> None:
    report = sandbox.run(exam(THREADS, SHOW, limits=Limits(threads=threads)))

    assert actual(report) == str(threads)


def test_a_large_value_crosses_both_ways(sandbox: Sandbox) -> None:
    tests = (
        "from solution import f\n"
        "def test_f():\n    sent = bytes(range(256)) * 20_000\n    assert f(sent) == sent[::-1]\n"
    )

    report = sandbox.run(exam("def f(sent): return sent[::-1]\n", tests))

    assert passed(report) == [True], report.tests[0].message


def test_a_callback_runs_in_the_test(sandbox: Sandbox) -> None:
    tests = (
        "from solution import f\n"
        "def test_f():\n    seen = []\n    f(seen.append)\n    assert seen == list(range(50))\n"
    )

    report = sandbox.run(exam("def f(tell):\n    for n in range(50): tell(n)\n", tests))

    assert passed(report) == [True], report.tests[0].message


def test_what_can_not_be_imported_is_told(sandbox: Sandbox) -> None:
    report = sandbox.run(exam("x = 1\ny = 1 / 0\n"))

    assert report.load_error is not None
    assert (report.load_error.type, report.load_error.line) == ("ZeroDivisionError", 2)
    assert passed(report) == [False]


def test_a_program_reads_prints_and_exits(sandbox: Sandbox) -> None:
    source = "import sys\nprint(input().upper())\nprint('x' * 30_000)\nsys.exit(7)\n"
    tests = (
        "import solution\n"
        "def test_program():\n"
        "    for word in ('a', 'b'):\n"
        "        ran = solution.run(stdin=word)\n"
        "        assert ran.stdout == word.upper() + '\\n' + 'x' * 30_000 + '\\n'\n"
        "        assert ran.exit_status == 7\n"
    )
    raised = Limits(output_bytes=MIB)

    report = sandbox.run(exam(source, tests, entry_points=(), program=True, limits=raised))

    assert passed(report) == [True], report.tests[0].message


def test_timing_puts_submissions_in_order(sandbox: Sandbox) -> None:
    workload = Workload(source=WORKLOAD, reference=REFERENCE, entry_point="f", cost_ratio=50.0)
    ratios = []
    for source in (
        "def f(items):\n    for _ in range(8): sorted(items)\n    return sum(sorted(items))\n",
        REFERENCE,
        "def f(items):\n    items.sort()\n    return sum(items)\n",
    ):
        timing = sandbox.run(exam(source, TIMED, workload=workload)).timing
        assert timing is not None
        ratios.append(timing.ratio)

    slow, same, fast = ratios
    assert slow > 4
    assert 0.6 < same < 1.6
    assert fast < slow / 3


def test_one_that_leaves_while_it_is_timed_has_no_ratio(sandbox: Sandbox) -> None:
    workload = Workload(source=WORKLOAD, reference=REFERENCE, entry_point="f", cost_ratio=50.0)
    source = "import os\ndef f(items): return 3 if len(items) < 9 else os._exit(0)\n"

    timing = sandbox.run(exam(source, TIMED, workload=workload)).timing

    assert timing is not None
    assert timing.ratio == float("inf")


def test_what_a_candidate_used_is_told(sandbox: Sandbox) -> None:
    source = (
        "import time\n"
        "def f():\n"
        "    kept = bytearray(50 << 20)\n"
        "    while time.process_time() < 0.3: pass\n"
        "    return 1\n"
    )

    patient = Limits(test_wall_s=20.0, exam_wall_s=40.0)
    usage = sandbox.run(exam(source, limits=patient)).usage

    assert 0.3 <= usage.cpu_s < 1.5
    assert 50 * MIB < usage.peak_memory_bytes < 150 * MIB


def test_grades_repeat(sandbox: Sandbox) -> None:
    source = "import random\ndef f(): return [*{'a', 'b', 'c', 'd'}], hash('x'), random.random()\n"

    first, second = (actual(sandbox.run(exam(source, SHOW))) for _ in range(2))

    assert first == second
    assert "'a'" in first


def test_a_source_is_analysed_without_being_run(sandbox: Sandbox) -> None:
    analysis = sandbox.analyse("import os\nos._exit(1)\n")

    assert analysis.syntax_problem is None
    assert sandbox.analyse("def").syntax_problem is not None


def test_a_submission_finds_the_same_wherever_it_runs(
    sandbox: Sandbox, found: dict[str, str]
) -> None:
    source = (
        "import gc, locale, os, resource, sys, time\n"
        "LIMITS = resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU\n"
        "def f():\n"
        "    return [\n"
        "        dict(os.environ), os.listdir(), sys.argv[1:], sys.stdout.encoding, time.tzname,\n"
        "        sys.getrecursionlimit(), locale.setlocale(locale.LC_ALL), gc.isenabled(),\n"
        "        [resource.getrlimit(one) for one in LIMITS], len(gc.get_objects()) < 2000,\n"
        "    ]\n"
    )

    found[sandbox.health().backend] = actual(sandbox.run(exam(source, SHOW)))

    assert len(set(found.values())) == 1


@pytest.fixture(scope="module", name="found")
def shared_findings() -> dict[str, str]:
    return {}


def test_a_closed_one_is_unavailable_and_says_so(sandbox: Sandbox) -> None:
    sandbox.close()

    with pytest.raises(SandboxUnavailable):
        sandbox.run(exam(ONE))
