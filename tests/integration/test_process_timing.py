"""Submissions that are timed against a reference in processes of this machine."""

import pytest

from sandbox.exam import Workload
from sandbox.process import ProcessSandbox
from tests.integration.sandbox_exams import exam, passed

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
