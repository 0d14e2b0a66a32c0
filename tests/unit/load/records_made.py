"""Records of episodes as a quiet server would have answered them."""

from typing import Any

from msgspec.structs import replace

from gateway.wire import RewardComponents
from load.records import SCRIPT, EpisodeRecord, StepRecord
from load.submissions import Submission, Turn

MAX_STEPS = 8
RIGHT = Submission(
    name="task/reference",
    kind="right",
    task_id="task",
    code="",
    max_score=1.0,
    max_steps=MAX_STEPS,
    is_timed=False,
    is_solution=True,
)


def step(place: int, **changes: Any) -> StepRecord:
    """Make the step at a place of the script, counted from 0."""
    is_last = place == len(SCRIPT) - 1
    plain = StepRecord(
        action=SCRIPT[place],
        began_s=float(place),
        ended_s=place + 0.5,
        reward=0.75,
        components=RewardComponents(test_progress=0.5, completion=0.25),
        before_clamping=0.75,
        score=0.75,
        attempts_remaining=MAX_STEPS - place - 1,
        invalid=False,
        done=is_last,
        success=is_last,
    )
    return replace(plain, **changes)


def steps(**changes_of_the_last: Any) -> tuple[StepRecord, ...]:
    """Make all steps, the last one changed."""
    places = range(len(SCRIPT) - 1)
    return (*(step(place) for place in places), step(len(SCRIPT) - 1, **changes_of_the_last))


def episode(**changes: Any) -> EpisodeRecord:
    """Make an episode that came to its end."""
    plain = EpisodeRecord(
        turn=Turn(number=0, submission=RIGHT.name),
        session_id="s",
        began_s=0.0,
        ended_s=4.0,
        reset_s=0.1,
        steps=steps(),
        faults={},
        sockets_lost=0,
        resumed=0,
        loss="",
    )
    return replace(plain, **changes)
