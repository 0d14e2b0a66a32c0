"""Whether an episode earned what it must. Pure.

What a submission must earn is what it earned alone on a quiet server, once that agrees with what
is known of it beforehand. Steps are compared part by part and to the last digit; only what depends
on run time may differ a little.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from gateway.wire import RewardComponents
from load.records import SCRIPT, EpisodeRecord, StepRecord
from load.submissions import Submission

RUNTIME_TOLERANCE: Final = 0.05
"""How far apart two gradings of the same timed code may be, in reward and in score."""
REWARD_BOUNDS: Final = (0.01, 0.99)
_NOISE: Final = 1e-9


class Verdict(Struct, frozen=True, kw_only=True):
    """What is wrong with one episode, in words; all empty when nothing is.

    Attributes:
        lost: Why the episode did not come to its end, or which step the server forgot.
        doubled: Which step acted more than once.
        wrong: Which answers are not what the submission must get.
    """

    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Say whether there is nothing to complain of."""
        return not (self.lost or self.doubled or self.wrong)


def verdict_of(
    record: EpisodeRecord, submission: Submission, expected: tuple[StepRecord, ...]
) -> Verdict:
    """Compare an episode with what it must be."""
    lost: list[str] = []
    doubled: list[str] = []
    wrong: list[str] = []
    if record.loss:
        lost.append(f"{_next_action(record)}: {record.loss}")
    due = submission.max_steps
    for step, wanted in zip(record.steps, expected, strict=False):
        due -= 1
        if step.attempts_remaining < due:
            doubled.append(f"{step.action}: {due - step.attempts_remaining} more steps were taken")
        elif step.attempts_remaining > due:
            lost.append(f"{step.action}: {step.attempts_remaining - due} steps were forgotten")
        due = step.attempts_remaining
        wrong += _differences(step, wanted, is_timed=submission.is_timed)
    return Verdict(lost=tuple(lost), doubled=tuple(doubled), wrong=tuple(wrong))


def objections_to(record: EpisodeRecord, submission: Submission) -> tuple[str, ...]:
    """Say what about a quiet episode contradicts what is known of its submission."""
    told = list(_broken_laws(record))
    if record.loss or len(record.steps) != len(SCRIPT):
        return (*told, f"it did not come to its end: {record.loss}")
    last = record.steps[-1]
    if last.score > submission.max_score + _NOISE:
        told.append(f"its score {last.score:.3f} is above {submission.max_score:g}")
    if last.success != submission.is_solution:
        told.append(f"success is {last.success}")
    if submission.is_solution and last.components.completion <= 0:
        told.append("completion earned nothing")
    if last.attempts_remaining != submission.max_steps - len(SCRIPT) or not last.done:
        told.append(f"{last.attempts_remaining} attempts remain, done is {last.done}")
    return tuple(told)


def _broken_laws(record: EpisodeRecord) -> Iterator[str]:
    lowest, highest = REWARD_BOUNDS
    for step in record.steps:
        total = sum(value for _, value in _parts(step.components))
        if abs(total - step.before_clamping) > _NOISE:
            yield f"{step.action}: the components add up to {total}, not {step.before_clamping}"
        if abs(step.reward - min(highest, max(lowest, total))) > _NOISE:
            yield f"{step.action}: the reward is {step.reward}, the components add up to {total}"


def _differences(step: StepRecord, wanted: StepRecord, *, is_timed: bool) -> Iterator[str]:
    slack = RUNTIME_TOLERANCE if is_timed else 0.0
    for name, value in _parts(step.components):
        due = getattr(wanted.components, name)
        if abs(value - due) > (slack if name == "runtime_progress" else 0.0):
            yield f"{step.action}: {name} is {value}, not {due}"
    for name in ("reward", "before_clamping", "score"):
        value, due = getattr(step, name), getattr(wanted, name)
        if abs(value - due) > slack:
            yield f"{step.action}: {name} is {value}, not {due}"
    for name in ("action", "invalid", "done", "success"):
        value, due = getattr(step, name), getattr(wanted, name)
        if value != due:
            yield f"{step.action}: {name} is {value}, not {due}"


def _parts(components: RewardComponents) -> Iterator[tuple[str, float]]:
    for name in components.__struct_fields__:
        yield name, getattr(components, name)


def _next_action(record: EpisodeRecord) -> str:
    if not record.session_id:
        return "reset"
    return SCRIPT[len(record.steps)] if len(record.steps) < len(SCRIPT) else "close"
