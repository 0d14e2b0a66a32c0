"""Times submission and reference in turn, in sister processes, on the same fresh inputs.

Cost is the CPU time of the sister's whole process from the moment its arguments are sent until its
result is here, by the kernel's clock and read from outside, so nothing the submission does to its
own process hides work. What unpacking the same arguments cost the reference is taken off both.
"""

import random
import time
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sandbox.guest.codec import Encoder, Unsendable, pack
from sandbox.guest.conversation import Conversation
from sandbox.guest.link import Link, Output
from sandbox.guest.solution import CandidateGone

if TYPE_CHECKING:
    from sandbox.guest.examiner import Examiner

ROUNDS: Final = 7
_EARLY_ROUNDS: Final = 2
_HOPELESS: Final = 2.0
"""Timing stops early when a submission costs this many times what the starter may."""
_LEAST_COST_S: Final = 1e-5


class ReferenceFailed(Exception):
    """The task's own workload or reference did not work; its author is to blame."""


class _Round(NamedTuple):
    unpacking_s: float
    total_s: float
    result: Any


class _Sister(NamedTuple):
    link: Link
    conversation: Conversation

    def play(self, target: list[Any], packed: bytes, wall_s: float) -> _Round:
        """Make one timed call."""
        self.link.deadline = time.monotonic() + wall_s
        begun_s = self.link.cpu_s()
        self.conversation.call("prepare", 0, (packed,), {})
        prepared_s = self.link.cpu_s()
        self.conversation.call("go", target, (), {})
        result = self.conversation.call("collect", 0, (), {})
        return _Round(prepared_s - begun_s, self.link.cpu_s() - begun_s, result)


def _inputs(source: str) -> Any:
    module = ModuleType("workload")
    exec(compile(source, "workload.py", "exec", dont_inherit=True), module.__dict__)
    return module.__dict__["make_inputs"]


def _packed(args: tuple[Any, ...], depth: int) -> bytes:
    def refuse(value: Any) -> Any:
        raise Unsendable(f"a workload can not pass a {type(value).__name__}")

    for exact in (False, True):
        encoder = Encoder(depth, refuse)
        encoder.exact = exact
        try:
            return pack(encoder.nodes(args, 0))
        except (OverflowError, UnicodeEncodeError):
            continue
    raise AssertionError("an exact encoder leaves no atom unpacked")


class _Race:
    """Submission and reference, each in a process of its own."""

    def __init__(self, examiner: "Examiner", job: dict[str, Any]) -> None:
        workload = job["workload"]
        self._job = job
        self._make_inputs = _inputs(workload["source"])
        self._generator = random.Random(random.SystemRandom().getrandbits(64))
        self._target = [None, [workload["entry_point"]]]
        silent = Output(job["output_bytes"], lambda _stream, _chunk: None)
        links = {role: examiner.link_to(role, silent) for role in ("reference", "submission")}
        self._sisters = {
            role: _Sister(link, examiner.converse(link)) for role, link in links.items()
        }
        self.rounds: list[tuple[_Round, _Round]] = []

    def _play(self, role: str, packed: bytes) -> _Round:
        return self._sisters[role].play(self._target, packed, self._job["test_wall_s"])

    def _play_reference(self, packed: bytes) -> _Round:
        try:
            return self._play("reference", packed)
        except (CandidateGone, Exception) as failed:  # the reference's own failure
            raise ReferenceFailed(f"the reference failed: {type(failed).__name__}") from None

    def play_round(self) -> bool:
        """Time both on the same fresh input; return whether their results agree."""
        packed = _packed(self._make_inputs(self._generator), self._job["value_depth"])
        if len(self.rounds) % 2:
            reference = self._play_reference(packed)
            submission = self._play("submission", packed)
        else:
            submission = self._play("submission", packed)
            reference = self._play_reference(packed)
        self.rounds.append((submission, reference))
        return bool(submission.result == reference.result)

    def is_hopeless(self) -> bool:
        """Say whether more rounds can change nothing."""
        limit = _HOPELESS * self._job["workload"]["cost_ratio"]
        return len(self.rounds) >= _EARLY_ROUNDS and _ratio(self.rounds) > limit


def time_submission(examiner: "Examiner", job: dict[str, Any]) -> dict[str, Any]:
    """Return ratio, rounds, agreement and the least costs of both sides, seconds of CPU.

    A submission that fails, or is lost, has an infinite ratio.

    Raises:
        ReferenceFailed: If the workload or the reference is at fault.
    """
    race = _Race(examiner, job)
    try:
        while len(race.rounds) < ROUNDS and not race.is_hopeless():
            if not race.play_round():
                return _verdict(race.rounds, agree=False)
    except CandidateGone:
        return _verdict(race.rounds, agree=True, cut_off=True)
    except ReferenceFailed:
        raise
    except Exception:  # what the submission raised
        return _verdict(race.rounds, agree=False)
    return _verdict(race.rounds, agree=True)


def _costs(rounds: list[tuple[_Round, _Round]]) -> tuple[float, float]:
    unpacking_s = min(reference.unpacking_s for _, reference in rounds)
    submission_s = min(submission.total_s for submission, _ in rounds) - unpacking_s
    reference_s = min(reference.total_s for _, reference in rounds) - unpacking_s
    return max(submission_s, _LEAST_COST_S), max(reference_s, _LEAST_COST_S)


def _ratio(rounds: list[tuple[_Round, _Round]]) -> float:
    submission_s, reference_s = _costs(rounds)
    return submission_s / reference_s


def _verdict(
    rounds: list[tuple[_Round, _Round]], *, agree: bool, cut_off: bool = False
) -> dict[str, Any]:
    submission_s, reference_s = _costs(rounds) if rounds else (0.0, 0.0)
    lost = cut_off or not agree or not rounds
    return {
        "ratio": float("inf") if lost else submission_s / reference_s,
        "rounds": len(rounds),
        "outputs_agree": agree,
        "submission_s": submission_s,
        "reference_s": reference_s,
    }
