"""Times submission and reference in turn, in sister processes, on the same fresh inputs.

Cost is the CPU time of the sister's whole process from the moment its arguments are sent until its
result is here, by the kernel's clock and read from outside, so nothing the submission does to its
own process hides work. Unpacking the arguments is taken off, the submission's only as far as it
costs about what it costs the reference, so that no work can hide there either. The first round
warms up; of the others each side's cheapest counts, since disturbance only ever adds. See
docs/adr/0006.
"""

import random
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final, NamedTuple, Never, TypeAlias

from sandbox.exam import Timing, Workload
from sandbox.guest.conversation import Conversation
from sandbox.guest.encoding import Encoder
from sandbox.guest.exceptions import mirrored_class
from sandbox.guest.link import Link, Output, Silent
from sandbox.guest.lost import CandidateGone, LoadFailed
from sandbox.guest.nodes import Malformed, Node, Unsendable, pack
from sandbox.guest.words import Role

ROUNDS: Final = 15
"""Rounds played at most, the first one included."""
_ENOUGH_ROUNDS: Final = 5
_BUDGET_S: Final = 2.5
"""Once there are enough rounds, no further one begins after this long."""
_UNPACKING_ALLOWANCE: Final = 1.25
_HOPELESS: Final = 2.0
"""Timing stops early when a submission costs this many times what the starter may."""
_LEAST_COST_S: Final = 1e-5
_FRAME_REST_BYTES: Final = 1024
"""What a frame holds besides the arguments."""


class ReferenceFailed(Exception):
    """The task's own workload or reference did not work; its author is to blame."""


class SubmissionFailed(Exception):
    """The submission raised while it was timed."""


LinkTo: TypeAlias = Callable[[Role, Output], Link]
"""Asks for a candidate in a role and returns the wire to it."""


class Bounds(NamedTuple):
    """What one timed call may take and carry."""

    wall_s: float
    output_bytes: int
    frame_bytes: int
    value_depth: int


class _PlainSide:
    """Takes and gives plain data only, so that results are compared here and nowhere else."""

    file_name = "workload.py"

    def foreign_argument(self, value: Any) -> Never:
        raise Unsendable(f"a workload can not pass a {type(value).__name__}")

    def foreign_result(self, value: Any) -> Never:
        self.foreign_argument(value)

    def foreign_object(self, node: Node) -> Never:
        del node
        raise Malformed("what is timed returns plain data")

    def exception_class(
        self, name: str, bases: tuple[type[BaseException], ...]
    ) -> type[BaseException]:
        return mirrored_class(name, bases)

    def perform(self, operation: str, target: Node, args: list[Any], kwargs: Any) -> Never:
        del target, args, kwargs
        raise Malformed(f"nothing to {operation} here")

    def before_answer(self) -> None:
        pass

    def told_version(self) -> int:
        return 0

    def heed_version(self, version: int) -> None:
        pass


class _Round(NamedTuple):
    unpacking_s: float
    total_s: float
    result: Any


class _Sister:
    """A process of its own for one side of the race."""

    def __init__(self, link: Link, entry_point: str, bounds: Bounds) -> None:
        self._link = link
        self._conversation = Conversation(link, _PlainSide(), bounds.value_depth)
        self._target = [None, [entry_point]]
        self._wall_s = bounds.wall_s

    def play(self, packed: bytes) -> _Round:
        """Make one timed call."""
        self._link.deadline = time.monotonic() + self._wall_s
        begun_s = self._link.cpu_s()
        self._conversation.call("prepare", 0, (packed,), {})
        prepared_s = self._link.cpu_s()
        self._conversation.call("go", self._target, (), {})
        result = self._conversation.call("collect", 0, (), {})
        return _Round(prepared_s - begun_s, self._link.cpu_s() - begun_s, result)


class _Inputs:
    """Makes fresh arguments, packed.

    Raises:
        ReferenceFailed: From every method, when the workload does not work.
    """

    def __init__(self, workload: Workload, bounds: Bounds) -> None:
        self._bounds = bounds
        # unlike everything else in a guest: no submission may know its inputs beforehand
        self._generator = random.Random(random.SystemRandom().getrandbits(64))  # noqa: S311
        module = ModuleType("workload")
        try:
            code = compile(workload.source, "workload.py", "exec", dont_inherit=True)
            exec(code, module.__dict__)
            self._make = module.__dict__["make_inputs"]
        except Exception as failed:  # noqa: BLE001 - whatever the author's code raises
            raise ReferenceFailed(f"the workload does not load: {failed!r}") from None

    def fresh(self) -> bytes:
        """Return the packed arguments of one call."""
        try:
            packed = self._packed(self._make(self._generator))
        except Exception as failed:  # noqa: BLE001 - whatever the author's code raises
            raise ReferenceFailed(f"the workload failed: {failed!r}") from None
        if len(packed) > self._bounds.frame_bytes - _FRAME_REST_BYTES:
            raise ReferenceFailed(f"the workload makes {len(packed)} bytes of arguments")
        return packed

    def _packed(self, args: tuple[Any, ...]) -> bytes:
        encoder = Encoder(self._bounds.value_depth, _PlainSide().foreign_argument)
        try:
            return pack(encoder.nodes(args, 0))
        except (OverflowError, UnicodeEncodeError):
            encoder = Encoder(self._bounds.value_depth, _PlainSide().foreign_argument)
            encoder.exact = True
            return pack(encoder.nodes(args, 0))


class _Race:
    """Submission and reference, each in a process of its own."""

    def __init__(self, link_to: LinkTo, workload: Workload, bounds: Bounds) -> None:
        self._hopeless = _HOPELESS * workload.cost_ratio
        self._inputs = _Inputs(workload, bounds)
        silent = Output(bounds.output_bytes, lambda _stream, _chunk: None)
        self._links = [link_to("reference", silent), link_to("submission", silent)]
        self._reference, self._submission = (
            _Sister(link, workload.entry_point, bounds) for link in self._links
        )
        self.rounds: list[tuple[_Round, _Round]] = []
        self._begun_s = time.monotonic()

    def close(self) -> None:
        """Close the wires to both."""
        for link in self._links:
            link.close()

    def until_loaded(self) -> None:
        """Wait until both are there.

        Raises:
            ReferenceFailed: If the reference does not load.
            LoadFailed, CandidateGone: If the submission does not.
        """
        reference, submission = self._links
        try:
            reference.until_loaded()
        except (LoadFailed, CandidateGone):
            raise ReferenceFailed("the reference does not load") from None
        submission.until_loaded()

    def _play_submission(self, packed: bytes) -> _Round:
        try:
            return self._submission.play(packed)
        except (Silent, LoadFailed, CandidateGone):
            raise
        except BaseException as failed:
            raise SubmissionFailed from failed

    def _play_reference(self, packed: bytes) -> _Round:
        try:
            return self._reference.play(packed)
        except Silent:
            raise
        except BaseException as failed:  # noqa: BLE001 - likewise
            raise ReferenceFailed(f"the reference failed: {type(failed).__name__}") from None

    def play_round(self) -> bool:
        """Time both on the same fresh input; return whether their results agree."""
        packed = self._inputs.fresh()
        if len(self.rounds) % 2:
            reference = self._play_reference(packed)
            submission = self._play_submission(packed)
        else:
            submission = self._play_submission(packed)
            reference = self._play_reference(packed)
        self.rounds.append((submission, reference))
        return bool(submission.result == reference.result)

    def is_over(self) -> bool:
        """Say whether there were rounds enough, or more can change nothing."""
        if len(self.rounds) < _ENOUGH_ROUNDS:
            return False
        late = time.monotonic() - self._begun_s > _BUDGET_S
        return late or len(self.rounds) >= ROUNDS or _ratio(self.rounds) > self._hopeless


def time_submission(link_to: LinkTo, workload: Workload, bounds: Bounds) -> Timing:
    """Time the submission against the reference.

    A submission that fails, or is lost, has an infinite ratio.

    Raises:
        ReferenceFailed: If the workload or the reference is at fault.
    """
    race = _Race(link_to, workload, bounds)
    try:
        race.until_loaded()
        agree = True
        while agree and not race.is_over():
            agree = race.play_round()
    except (LoadFailed, CandidateGone):
        return _timing(race.rounds, agree=True, cut_off=True)
    except SubmissionFailed:
        return _timing(race.rounds, agree=False)
    finally:
        race.close()
    return _timing(race.rounds, agree=agree)


def _costs(submission: _Round, reference: _Round) -> tuple[float, float]:
    """Return what each side's work cost in one round."""
    allowed_s = min(submission.unpacking_s, _UNPACKING_ALLOWANCE * reference.unpacking_s)
    return (
        max(submission.total_s - allowed_s, _LEAST_COST_S),
        max(reference.total_s - reference.unpacking_s, _LEAST_COST_S),
    )


def _least_costs(rounds: list[tuple[_Round, _Round]]) -> tuple[float, float]:
    """Return each side's least cost of all rounds but the first, where there are others."""
    costs = [_costs(*one) for one in rounds[1:] or rounds]
    return min(submission for submission, _ in costs), min(reference for _, reference in costs)


def _ratio(rounds: list[tuple[_Round, _Round]]) -> float:
    submission_s, reference_s = _least_costs(rounds)
    return submission_s / reference_s


def _timing(rounds: list[tuple[_Round, _Round]], *, agree: bool, cut_off: bool = False) -> Timing:
    lost = cut_off or not agree or not rounds
    submission_s, reference_s = _least_costs(rounds) if rounds else (0.0, 0.0)
    return Timing(
        ratio=float("inf") if lost else submission_s / reference_s,
        rounds=len(rounds),
        outputs_agree=agree,
        submission_s=submission_s,
        reference_s=reference_s,
    )
