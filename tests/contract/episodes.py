"""Episodes to keep in a store."""

from msgspec.structs import replace

from gateway.episode import Episode, Turn
from gateway.episodes import begin
from tasks.task import Difficulty, Provenance, Task, TaskKind

TASK = Task(
    id="kept",
    title="Kept",
    kind=TaskKind.BUG_FIX,
    difficulty=Difficulty.EASY,
    instruction="Make it work.",
    starter="pass\n",
    reference="pass\n",
    test_public="def test_it(): ...\n",
    test_hidden="def test_more(): ...\n",
    entry_points=("it",),
    provenance=Provenance(source="tests", licence="MIT"),
)
_EPISODE, _TURN = begin(TASK, episode_id="label", reward_mode="level", session_id="a")


def running() -> Episode:
    """Return an episode that goes on."""
    return _EPISODE


def finished() -> Episode:
    """Return an episode that is over."""
    return replace(_EPISODE, done=True, submitted=True)


def turn() -> Turn:
    """Return an answer."""
    return _TURN
