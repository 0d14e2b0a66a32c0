"""The values of an episode: what is stored between steps, and what a step answers."""

from msgspec import Struct

from gateway.standing import Potential, Standing
from gateway.wire import (
    CodeAnalysis,
    HistoryEntry,
    ObservationFields,
    RewardMode,
    VisibleTest,
)
from worker.messages import Phases


class Shown(Struct, frozen=True, kw_only=True):
    """What earlier steps have shown of the current code."""

    errors: str = ""
    test_results: str = ""
    tests: tuple[VisibleTest, ...] | None = None
    """None until the public tests have run."""
    analysis: CodeAnalysis | None = None


class Episode(Struct, frozen=True, kw_only=True):
    """One attempt at one task. `episode_id` is the caller's label and only data."""

    episode_id: str
    task_id: str
    max_steps: int
    reward_mode: RewardMode
    current_code: str
    step_count: int = 0
    done: bool = False
    submitted: bool = False
    success: bool = False
    standing: Standing | None = None
    """What is known of `current_code`; None until it was graded."""
    potential: Potential = Potential()
    stagnant_steps: int = 0
    shown: Shown = Shown()
    history: tuple[HistoryEntry, ...] = ()


class Invalid(Struct, frozen=True):
    """An action that makes no sense now, and what to do instead."""

    message: str


class Turn(Struct, frozen=True, kw_only=True):
    """The answer to a reset or a step."""

    observation: ObservationFields
    reward: float | None
    done: bool


class Answer(Struct, frozen=True, kw_only=True):
    """A turn, whose session it is, and where the time of its grading went."""

    session_id: str
    turn: Turn
    phases: Phases = Phases()


class RememberedTurn(Struct, frozen=True, kw_only=True):
    """The answer a repeated request gets again."""

    request_id: str
    turn: Turn


class Session(Struct, frozen=True, kw_only=True):
    """What is kept between requests. `episode` is None before the first reset."""

    session_id: str
    version: int = 0
    """Counts every change; two changes of one version can not both be kept."""
    episode: Episode | None = None
    answered: tuple[RememberedTurn, ...] = ()
    """The latest steps of the episode that came with a request_id, oldest first."""
