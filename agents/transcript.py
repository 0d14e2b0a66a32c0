"""The three kinds of line that standard output may hold, and the blocks they come in."""

import math
from collections.abc import Callable, Sequence

from gateway.wire import ENV_NAME

ERROR_LIMIT_CHARS = 300
REWARD_NOT_A_NUMBER = "the reward was not a finite number"


def one_word(text: str) -> str:
    """Return `text` without white space, for fields that a parser reads as one word."""
    return "_".join(text.split()) or "unknown"


def start_line(*, task_id: str, model: str) -> str:
    """Say which episode begins."""
    return f"[START] task={one_word(task_id)} env={ENV_NAME} model={one_word(model)}"


def step_line(*, step: int, action: str, reward: float | None, done: bool, error: str) -> str:
    """Say what one step earned; the error is the last field and may hold spaces.

    Args:
        step: Number of the step in its episode, from 1.
        action: Its name alone.
        reward: None or a number that is not finite counts as 0 and is named as the error,
            unless there is one already.
        done: Whether the episode is over.
        error: Empty when the action was accepted.
    """
    if reward is None or not math.isfinite(reward):
        error = error or REWARD_NOT_A_NUMBER
    shown_error = " ".join(error.split())[:ERROR_LIMIT_CHARS].rstrip() or "null"
    return (
        f"[STEP] step={step} action={one_word(action)} reward={two_decimals(reward)} "
        f"done={str(done).lower()} error={shown_error}"
    )


def end_line(*, success: bool, rewards: Sequence[float | None], score: float | None = None) -> str:
    """Say how an episode ended.

    Args:
        success: Submitted, and everything passed.
        rewards: One for each step line, in order.
        score: In [0, 1]; None leaves the field out.
    """
    score_field = "" if score is None else f" score={_share(score):.3f}"
    listed = ",".join(two_decimals(reward) for reward in rewards)
    return (
        f"[END] success={str(success).lower()} steps={len(rewards)}{score_field} rewards={listed}"
    )


def two_decimals(reward: float | None) -> str:
    """Write a reward with two decimals: never `-0.00`, and 0 for what is not a finite number."""
    if reward is None or not math.isfinite(reward):
        return "0.00"
    return f"{round(reward, 2) + 0.0:.2f}"


def _share(score: float) -> float:
    return min(1.0, max(0.0, score)) if math.isfinite(score) else 0.0


class Transcript:
    """Writes blocks to standard output in the order of their places.

    The block whose turn it is streams: its lines are written as they happen when
    `streams` is set, else at its end. Blocks that are ahead of their turn wait.
    """

    def __init__(self, write_line: Callable[[str], None], *, streams: bool) -> None:
        self._write_line = write_line
        self._streams = streams
        self._waiting: dict[int, list[str]] = {}
        self._closed: set[int] = set()
        self._turn = 0

    def add(self, place: int, line: str) -> None:
        """Take one line of the block at `place`, from 0."""
        if self._streams and place == self._turn:
            self._write_line(line)
        else:
            self._waiting.setdefault(place, []).append(line)

    def close(self, place: int) -> None:
        """End the block at `place`, and write every block whose turn has come."""
        self._closed.add(place)
        while self._turn in self._closed:
            self._write_waiting(self._turn)
            self._turn += 1

    def _write_waiting(self, place: int) -> None:
        for line in self._waiting.pop(place, ()):
            self._write_line(line)
