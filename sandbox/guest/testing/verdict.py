"""What one test run says."""

from typing import Final, NamedTuple

TEXT_CHARS: Final = 2000
"""Longest text of a verdict, characters."""


class TestVerdict(NamedTuple):
    """One test's end. Texts hold at most `TEXT_CHARS` characters and are empty for hidden tests."""

    passed: bool
    message: str
    expected: str
    actual: str
    output: str


# Keeps pytest from taking it for a test class where our own tests import it.
TestVerdict.__test__ = False  # type: ignore[attr-defined]


def capped(text: str, limit_chars: int = TEXT_CHARS) -> str:
    """Return `text`, or its beginning and how many characters were cut, within `limit_chars`."""
    if len(text) <= limit_chars:
        return text
    kept_chars = limit_chars - len(f"… [{len(text)} characters cut]")
    return f"{text[:kept_chars]}… [{len(text) - kept_chars} characters cut]"
