"""What a call between a test and its submission takes, whichever way it goes."""

from typing import Final

from bench.figures import Latency, latency_of_rounds
from sandbox.backend import Sandbox
from sandbox.exam import Exam, TestFile

CALLS: Final = 500
"""Made by each test, of which the mean is one figure."""
_SOURCE: Final = """
def same(number):
    return number


class Account:
    def deposit(self, amount):
        return amount
"""
_TESTS: Final = f"""
from solution import Account, same


def test_function():
    for number in range({CALLS}):
        same(number)


def test_method():
    account = Account()
    for number in range({CALLS}):
        account.deposit(number)
"""
_EXAM: Final = Exam(
    source=_SOURCE,
    entry_points=("same",),
    exported_classes=("Account",),
    test_files=(TestFile(name="test_public.py", source=_TESTS, hidden=False),),
)


class CallsFailed(Exception):
    """The calls were not made as they should be; the message says what came of them."""


def call_latencies(sandbox: Sandbox, rounds: int) -> tuple[Latency, Latency]:
    """Return the latency of a call of a function and of one of a method.

    Args:
        rounds: How many exams; each gives the mean of `CALLS` calls.

    Raises:
        CallsFailed: If a test did not pass.
        SandboxUnavailable: If the sandbox failed.
    """
    reports = [sandbox.run(_EXAM) for _ in range(rounds)]
    for report in reports:
        if [test.passed for test in report.tests] != [True, True]:
            raise CallsFailed(f"an exam of calls ended as {report.outcome}: {report.tests}")
    function, method = zip(
        *([test.wall_s / CALLS for test in r.tests] for r in reports), strict=True
    )
    return latency_of_rounds([function]), latency_of_rounds([method])
