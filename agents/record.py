"""What is kept of an episode: the lines of `--output`."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from msgspec import Struct, field

from agents.asking import Answer
from agents.policies import Actor
from agents.settings import BadSetting
from gateway.wire import ENV_NAME, ObservationFields, PythonCodeReviewAction


class PlayedStep(Struct, frozen=True, kw_only=True):
    """One step: what was done, by whom, and what came back."""

    step: int
    action: PythonCodeReviewAction
    actor: Actor
    answers: tuple[Answer, ...]
    """What a model said on the way to this action, unusable answers included."""
    reward: float | None
    done: bool
    error: str
    observation: ObservationFields


class PlayedEpisode(Struct, kw_only=True):
    """One episode, growing while it is played.

    `broken` says in one line why it could not be played to its end; it is empty otherwise.
    """

    episode: int
    task_id: str
    model: str
    seed: int | None
    env: str = ENV_NAME
    success: bool = False
    score: float = 0.0
    broken: str = ""
    first_observation: ObservationFields | None = None
    steps: list[PlayedStep] = field(default_factory=list)

    @property
    def rewards(self) -> Sequence[float | None]:
        """One for each step, in order."""
        return [step.reward for step in self.steps]


class RecordFile:
    """Writes one JSON line for each finished episode. Without a path it writes nothing."""

    def __init__(self, path: Path | None) -> None:
        """Open the file, replacing what it held.

        Raises:
            BadSetting: If it cannot be written.
        """
        try:
            self._file = None if path is None else path.open("wb")
        except OSError as error:
            raise BadSetting(f"--output cannot be written: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, episode: PlayedEpisode) -> None:
        """Write one line, through to the file."""
        if self._file is not None:
            self._file.write(msgspec.json.encode(episode) + b"\n")
            self._file.flush()
