"""Who plays an episode, and who steps in when a model fails."""

from collections.abc import Callable, Mapping
from functools import cached_property

from agents.asking import Model, ModelFailed
from agents.model_policy import ModelPolicy
from agents.options import FallbackName, PolicyName
from agents.policies import NoopPolicy, Policy, ReferencePolicy


class Cast:
    """Hands out a policy for each episode. Shared by all episodes of a run."""

    def __init__(
        self,
        *,
        policy: PolicyName,
        fallback: FallbackName,
        model: Model | None,
        model_name: str,
        max_tokens: int,
        read_references: Callable[[], Mapping[str, str]],
    ) -> None:
        """Decide on the parts.

        Args:
            policy: Who is to play.
            fallback: Who steps in for a model.
            model: None when there is none to ask, as without a key.
            model_name: What the transcript calls the model.
            max_tokens: Token budget of one answer.
            read_references: Reads the local catalogue; called once, when first needed.
        """
        self._policy = policy
        self._fallback = fallback
        self._model = model
        self._model_name = model_name
        self._max_tokens = max_tokens
        self._read_references = read_references

    def lead(self) -> tuple[str, Policy]:
        """Return who is to play the next episode: the transcript's name and the policy."""
        if self._policy == "noop":
            return "noop", NoopPolicy()
        if self._policy == "llm" and self._model is not None:
            return self._model_name, ModelPolicy(self._model, max_tokens=self._max_tokens)
        return "reference", ReferencePolicy(lambda: self._references)

    def stand_in(self, failure: ModelFailed) -> Policy | None:
        """Return who plays on after the model failed, or None if nobody may.

        A model that can never answer is not asked again in later episodes.
        """
        if self._fallback == "reference":
            if failure.is_final:
                self._model = None
            return ReferencePolicy(lambda: self._references)
        return NoopPolicy() if failure.has_answered else None

    @cached_property
    def _references(self) -> Mapping[str, str]:
        return self._read_references()
