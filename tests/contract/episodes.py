"""Episodes to keep in a store."""

import itertools

from msgspec.structs import replace

from gateway.episode import Episode, Session, Turn
from gateway.episodes import begin
from gateway.memory_store import MemoryEpisodeStore
from gateway.store import EpisodeStore, Lease
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


LIMIT = 3
IDLE_S = 100.0
LEASE_S = 10.0


class Hands:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def memory_store(clock: Hands) -> MemoryEpisodeStore:
    tokens = itertools.count()
    return MemoryEpisodeStore(
        limit=LIMIT, idle_s=IDLE_S, now=clock, new_token=lambda: f"token-{next(tokens)}"
    )


def session(name: str) -> Session:
    return Session(session_id=name, episode=running())


async def begun(
    store: EpisodeStore, name: str, request_id: str | None = None, *, lease_s: float = LEASE_S
) -> Lease:
    lease = await store.begin(name, lease_s=lease_s, request_id=request_id)
    assert isinstance(lease, Lease)
    return lease
