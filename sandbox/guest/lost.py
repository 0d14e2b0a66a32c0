"""How the examiner loses a candidate; what tests can not catch for a failure of their own."""

from typing import Final

from sandbox.exam import LoadError

_TEXT_CHARS: Final = 200
"""Longest of what is told of a candidate that was lost: it may have written that itself."""


class CandidateGone(BaseException):
    """The candidate can not answer any more; the test in hand has failed.

    Attributes:
        reason: ended, timeout, output, protocol, or load: it could not be imported again.
    """

    passes_through_tests = True

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason[:_TEXT_CHARS]
        self.detail = detail[:_TEXT_CHARS]


class LoadFailed(BaseException):
    """The submission could not be imported."""

    passes_through_tests = True

    def __init__(self, error: LoadError) -> None:
        super().__init__(error)
        self.error = error
