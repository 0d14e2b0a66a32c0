"""A guest's rehearsal: what its job will do, done once on a toy before the job comes.

The pages a job touches become the guest's own meanwhile, which takes that cost off the road of a
step. Nothing of it stays: modules, streams and random numbers are as before.
"""

import socket
import sys
from types import ModuleType
from typing import Final

from sandbox.guest.candidate import Candidate
from sandbox.guest.control import Control
from sandbox.guest.conversation import Conversation
from sandbox.guest.jobs import JOB, CandidateJob
from sandbox.guest.loading import load
from sandbox.guest.nodes import pack
from sandbox.guest.solution import Solution
from sandbox.guest.testing import pytest_api
from sandbox.guest.testing.collection import collect, compiled
from sandbox.isolation import rlimits
from sandbox.limits import DEFAULT_LIMITS

_TEST: Final = "from solution import f\ndef test_f():\n    assert f([1]) == [{'a': 1}, (2,)]\n"
_TEST_CODE: Final = compiled("rehearsal.py", _TEST, hidden=False)
_SOURCE: Final = "def f(x):\n    return [{'a': one} for one in x]\n"
_DEPTH: Final = 20
_ANSWER: Final = pack([1, "ok", [{"a": 1}, {0: [2]}], None, 0])
_CALL: Final = [1, "call", "call", [None, ["f"]], pack([[[1]], {}])]


_JOB: Final = CandidateJob(
    source=_SOURCE.encode(),
    exported_classes=(),
    granted=rlimits.granted(DEFAULT_LIMITS),
    frame_bytes=DEFAULT_LIMITS.frame_bytes,
    value_depth=_DEPTH,
    seed=0,
)
_JOB_FRAME: Final = pack(_JOB)
_SEASONING: Final = 20


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
    """Take a toy job, load its submission and answer one call."""
    JOB.decode(_JOB_FRAME)
    rlimits.rehearse()
    Candidate(load(_SOURCE), [], _Stage(), _DEPTH).conversation.answer(_CALL)
    del sys.modules["solution"]


def rehearse_line() -> None:
    """Take a toy job from a line."""
    ours, theirs = socket.socketpair()
    sender, receiver = Control(ours.detach()), Control(theirs.detach())
    sender.send(_JOB)
    receiver.receive(JOB)
    sender.close()
    receiver.close()


def season() -> None:
    """Rehearse everything in the fork server, often enough that the interpreter settles.

    Python 3.11 rewrites code while it runs for the first times. Done here, that does not cost every
    guest a copy of the pages its code lies on.
    """
    for _ in range(_SEASONING):
        rehearse_line()
        rehearse_candidate()
        rehearse_examiner()
