"""What the client processes are asked for and what they answer, one JSON line each."""

from typing import Final

from msgspec import Struct

from gateway.wire import ActionType, RewardComponents
from load.submissions import Submission, Turn

SCRIPT: Final[tuple[ActionType, ...]] = (
    "analyze_code",
    "edit_code",
    "run_tests",
    "submit_solution",
)
"""The steps of every episode; `edit_code` brings the submission in."""


class Errand(Struct, frozen=True, kw_only=True):
    """Episodes for one client process.

    Attributes:
        urls: Of the gateways, `ws://` or `wss://`; taken in turn, the next when one is lost.
        label: What the names of the episodes begin with.
        submissions: What the turns name.
        turns: In the order in which they are begun.
        at_once: How many sockets, at least 1.
        answer_s: How long the server may take for a single answer, seconds.
        step_s: How long a step may take, refusals and lost sockets included, seconds.
    """

    urls: tuple[str, ...]
    label: str
    submissions: tuple[Submission, ...]
    turns: tuple[Turn, ...]
    at_once: int
    answer_s: float
    step_s: float


class StepRecord(Struct, frozen=True, kw_only=True):
    """One step and its answer. `began_s` and `ended_s` are seconds of the machine's clock."""

    action: ActionType
    began_s: float
    ended_s: float
    reward: float
    components: RewardComponents
    before_clamping: float
    score: float
    attempts_remaining: int
    invalid: bool
    done: bool
    success: bool

    @property
    def took_s(self) -> float:
        """From the first time it was sent to its answer."""
        return self.ended_s - self.began_s


class EpisodeRecord(Struct, frozen=True, kw_only=True):
    """What became of one episode.

    Attributes:
        turn: Which one.
        session_id: Empty if it never began.
        began_s: Seconds of the machine's clock.
        ended_s: The same.
        reset_s: How long the reset took, with finding a gateway; 0 if it never began.
        steps: Those that were answered, in order.
        faults: How often the server said that it could not take a step now, by its words.
        sockets_lost: How often a socket broke off.
        resumed: How often the session was taken up again on another socket.
        loss: Why it did not come to its end; empty if it did.
    """

    turn: Turn
    session_id: str
    began_s: float
    ended_s: float
    reset_s: float
    steps: tuple[StepRecord, ...]
    faults: dict[str, int]
    sockets_lost: int
    resumed: int
    loss: str
