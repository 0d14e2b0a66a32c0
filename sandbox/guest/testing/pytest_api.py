"""What `import pytest` gives a test file here: the part of pytest this package supports."""

from typing import Any

from sandbox.guest.testing.approximation import approx
from sandbox.guest.testing.capture import CaptureFixture
from sandbox.guest.testing.fixture_values import FixtureRequest
from sandbox.guest.testing.fixtures import fixture
from sandbox.guest.testing.marks import mark, param
from sandbox.guest.testing.monkeypatching import MonkeyPatch
from sandbox.guest.testing.outcomes import fail
from sandbox.guest.testing.raising import ExceptionInfo, deprecated_call, raises, warns

__all__ = [
    "CaptureFixture",
    "ExceptionInfo",
    "FixtureRequest",
    "MonkeyPatch",
    "approx",
    "deprecated_call",
    "fail",
    "fixture",
    "mark",
    "param",
    "raises",
    "warns",
]


def __getattr__(name: str) -> Any:
    message = f"pytest.{name} is not supported here; supported: {', '.join(__all__)}"
    raise AttributeError(message)
