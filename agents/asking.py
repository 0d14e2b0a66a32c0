"""The seam between the policies and whatever answers prompts."""

from collections.abc import Sequence
from typing import Literal, Protocol

from msgspec import Struct


class Message(Struct, frozen=True, kw_only=True):
    """One turn of a conversation with a model."""

    role: Literal["system", "user", "assistant"]
    content: str


class Answer(Struct, frozen=True, kw_only=True):
    """What a model said. `is_cut` when it ran into its token budget; tokens are 0 if not told."""

    text: str
    is_cut: bool = False
    prompt_tokens: int = 0
    completion_tokens: int = 0


class ModelFailed(Exception):
    """The model gave no answer, or none that holds code; the model's side is to blame."""

    def __init__(self, reason: str, *, is_final: bool = False, has_answered: bool = False) -> None:
        """Say why.

        Args:
            reason: One line.
            is_final: Asking again in this run is pointless, as with a wrong key.
            has_answered: It did speak, but of no use; else it could not be reached.
        """
        super().__init__(reason)
        self.is_final = is_final
        self.has_answered = has_answered


class Model(Protocol):
    """Answers prompts, with its own retries and its own deadline."""

    async def ask(self, messages: Sequence[Message], *, max_tokens: int) -> Answer:
        """Return the model's next turn.

        Raises:
            ModelFailed: If there was none in time.
        """
        ...
