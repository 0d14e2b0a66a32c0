"""Run one method of a `unittest.TestCase`, and raise what it failed with."""

import unittest
from typing import Any

from sandbox.guest.testing.outcomes import CollectionFailed, Failed, passes_through

_LOADER = unittest.TestLoader()


def method_names(cls: type[unittest.TestCase]) -> list[str]:
    """Return the test methods of `cls` in unittest's own order, which is by name.

    Raises:
        CollectionFailed: If one is skipped or expected to fail.
    """
    names = list(_LOADER.getTestCaseNames(cls))
    if not names and hasattr(cls, "runTest"):
        names = ["runTest"]
    for name in names:
        method = getattr(cls, name)
        if getattr(cls, "__unittest_skip__", False) or getattr(method, "__unittest_skip__", False):
            raise CollectionFailed(f"{name} is skipped, which would be a silent hole; delete it")
        if getattr(method, "__unittest_expecting_failure__", False):
            raise CollectionFailed(f"{name} is expected to fail, so it decides nothing; delete it")
    return [name for name in names if getattr(getattr(cls, name), "__test__", True)]


def run_case(case: unittest.TestCase) -> None:
    """Run `case` with its own set-up, subtests, teardown and cleanups.

    Raises:
        BaseException: What the test, or its first failing subtest, raised.
    """
    recorder = _Recorder()
    case.run(recorder)
    if recorder.first is not None:
        raise recorder.first


class _Recorder(unittest.TestResult):
    """Keeps the first failure, or the exception that passes through tests."""

    def __init__(self) -> None:
        super().__init__()
        self.first: BaseException | None = None

    def addError(self, test: object, err: Any) -> None:  # noqa: ARG002, N802 - unittest's name
        """Note an error."""
        self._note(err[1])

    def addFailure(self, test: object, err: Any) -> None:  # noqa: ARG002, N802 - unittest's name
        """Note a failure."""
        self._note(err[1])

    def addSubTest(self, test: object, subtest: Any, err: Any) -> None:  # noqa: ARG002, N802 - unittest's name
        """Note a failing subtest and which one it was."""
        if err is not None:
            error = err[1]
            if self.first is None and not passes_through(type(error)):
                error.add_note(f"in subTest {subtest._subDescription()}")  # noqa: SLF001
            self._note(error)

    def addSkip(self, test: object, reason: str) -> None:  # noqa: ARG002, N802 - unittest's name
        """Count a test that skips itself as failed: it cannot have passed."""
        self._note(Failed(f"skipped itself, so it cannot pass: {reason}"))

    def addExpectedFailure(self, test: object, err: Any) -> None:  # noqa: ARG002, N802 - unittest's name
        """Count an expected failure as failed."""
        self._note(err[1])

    def addUnexpectedSuccess(self, test: object) -> None:  # noqa: ARG002, N802 - unittest's name
        """Count an unexpected success as failed."""
        self._note(Failed("passed although it was expected to fail"))

    def _note(self, error: BaseException) -> None:
        if passes_through(type(error)):
            self.failfast = True  # ends a test with subtests at once
            if self.first is None or not passes_through(type(self.first)):
                self.first = error
        elif self.first is None:
            self.first = error
