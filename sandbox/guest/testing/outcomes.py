"""How a test ends other than by returning, and what no test may swallow."""

from typing import Any, NoReturn


class Failed(BaseException):
    """A test called `fail`, or an expected exception did not come.

    Like pytest's own it is no `Exception`, so `except Exception` in a test does not swallow it.
    """

    def __init__(self, reason: object = "", *, expected: str = "", actual: str = "") -> None:
        super().__init__(reason)
        self.expected = expected
        self.actual = actual


class CollectionFailed(Exception):
    """A test file cannot be collected, in one line with its line number; its author is to blame."""


def passes_through(error_type: type[BaseException]) -> bool:
    """Say whether exceptions of this class belong to the examiner and must leave every test."""
    return getattr(error_type, "passes_through_tests", False) is True


def _fail(reason: object = "", pytrace: bool = True) -> NoReturn:
    """Fail the running test with `reason`; `pytrace` is accepted and changes nothing."""
    del pytrace
    raise Failed(reason)


fail: Any = _fail
fail.Exception = Failed
