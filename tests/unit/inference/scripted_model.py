"""A model that says what a test wrote down."""

from collections.abc import Sequence

from agents.asking import Answer, Message, ModelFailed


class ScriptedModel:
    """Answers in order; an exception in the script is raised. Remembers what it was asked."""

    def __init__(self, script: Sequence[str | Answer | ModelFailed]) -> None:
        self._script = list(script)
        self.asked: list[tuple[str, int]] = []

    async def ask(self, messages: Sequence[Message], *, max_tokens: int) -> Answer:
        self.asked.append((messages[-1].content, max_tokens))
        said = self._script.pop(0)
        if isinstance(said, ModelFailed):
            raise said
        return Answer(text=said) if isinstance(said, str) else said
