"""A guest's rehearsal: what its job will do, done once on a toy before the job comes.

The pages a job touches become the guest's own meanwhile, which takes that cost off the road of a
step. Nothing of it stays: modules, streams and random numbers are as before.
"""

import sys
from types import ModuleType
from typing import Final

from sandbox.guest.candidate import Candidate
from sandbox.guest.conversation import Conversation
from sandbox.guest.loading import load
from sandbox.guest.nodes import pack
from sandbox.guest.solution import Solution
from sandbox.guest.testing import pytest_api
from sandbox.guest.testing.collection import collect, compiled

_TEST: Final = "from solution import f\ndef test_f():\n    assert f([1]) == [{'a': 1}, (2,)]\n"
_TEST_CODE: Final = compiled("rehearsal.py", _TEST, hidden=False)
_SOURCE: Final = "def f(x):\n    return [{'a': one} for one in x]\n"
_DEPTH: Final = 20
_ANSWER: Final = pack([1, "ok", [{"a": 1}, {0: [2]}], None])
_CALL: Final = [1, "call", "call", [None, ["f"]], pack([[[1]], {}])]


class _Stage:
    """The wire of a rehearsal: what is sent goes nowhere, and one answer is there already."""

    def send(self, _: bytes) -> None:
        """Take a frame."""

    def check(self, _: bytes) -> None:
        """Find every frame small enough."""

    def receive(self) -> bytes:
        """Give the answer."""
        return _ANSWER


def rehearse_examiner() -> None:
    """Collect and run a toy test against an answer that is there already."""
    solution = Solution(["f"], [], lambda: Conversation(_Stage(), solution, _DEPTH))
    modules: dict[str, ModuleType] = {"solution": solution.module, "pytest": pytest_api}
    (test,) = collect("rehearsal.py", _TEST, hidden=False, modules=modules, code=_TEST_CODE)
    solution.collecting = False
    test.run()
    for name in ("solution", "pytest", "rehearsal"):
        del sys.modules[name]


def rehearse_candidate() -> None:
    """Load a toy submission and answer one call."""
    Candidate(load(_SOURCE), [], _Stage(), _DEPTH).conversation.answer(_CALL)
    del sys.modules["solution"]
