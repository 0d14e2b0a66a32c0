"""A model behind a chat-completions API, asked with the official OpenAI client."""

import asyncio
import random
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, Self

import msgspec
from msgspec import Struct
from openai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    DefaultAsyncHttpxClient,
    OpenAIError,
)

from agents.asking import Answer, Message, ModelFailed
from agents.settings import ModelSettings

ATTEMPTS: Final = 4
FIRST_BACKOFF_S: Final = 0.5
REASON_LIMIT_CHARS: Final = 200
PASSING_STATUSES: Final = frozenset({408, 409, 425, 429})
FIRST_SERVER_ERROR: Final = 500
RENAMED_OPTIONS: Final = {"max_tokens": "max_completion_tokens"}
FINAL_STATUSES: Final = frozenset({401, 402, 403, 404})
OPTIONAL_OPTIONS: Final = ("temperature", "seed")


class _ChatMessage(Struct):
    content: str | None = None


class _Choice(Struct):
    message: _ChatMessage
    finish_reason: str | None = None


class _TokenUsage(Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Completion(Struct):
    choices: list[_Choice]
    usage: _TokenUsage | None = None


class _PassingTrouble(Exception):
    """This request failed, the next may not; `retry_after_s` is the server's wish, or None."""

    def __init__(self, reason: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class ChatModel:
    """Asks with limited retries, backoff, and one deadline over all of them."""

    def __init__(
        self,
        settings: ModelSettings,
        *,
        temperature: float,
        timeout_s: float,
        seed: int | None = None,
    ) -> None:
        """Prepare a client; nothing is sent yet.

        Args:
            settings: Where the model is; the key must not be empty.
            temperature: Passed on unless the server refuses it.
            timeout_s: Longest wait for one answer, all attempts and pauses together; one attempt
                may take half of it, so that a hanging one leaves time for another.
            seed: Passed on unless None or refused.
        """
        self._timeout_s = timeout_s
        self._model = settings.name
        self._client = AsyncOpenAI(
            api_key=settings.key,
            base_url=settings.base_url,
            max_retries=0,
            timeout=timeout_s / 2,
            http_client=DefaultAsyncHttpxClient(trust_env=not settings.is_loopback),
        )
        self._options: dict[str, Any] = {"temperature": temperature}
        if seed is not None:
            self._options["seed"] = seed
        self._max_tokens_option = "max_tokens"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.close()

    async def ask(self, messages: Sequence[Message], *, max_tokens: int) -> Answer:
        """Return the model's next turn; see `agents.asking.Model`."""
        deadline_s = asyncio.get_running_loop().time() + self._timeout_s
        troubles: list[str] = []
        try:
            async with asyncio.timeout_at(deadline_s):
                return await self._ask_until(
                    deadline_s, messages, max_tokens=max_tokens, troubles=troubles
                )
        except TimeoutError as error:
            last = f" (last: {troubles[-1]})" if troubles else ""
            raise ModelFailed(f"no answer within {self._timeout_s:g} s{last}") from error

    async def _ask_until(
        self,
        deadline_s: float,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        troubles: list[str],
    ) -> Answer:
        now_s = asyncio.get_running_loop().time
        for attempt in range(ATTEMPTS):
            try:
                return await self._ask_once(messages, max_tokens=max_tokens)
            except _PassingTrouble as trouble:
                troubles.append(str(trouble))
                pause_s = trouble.retry_after_s or _backoff_s(attempt)
                if attempt + 1 == ATTEMPTS or now_s() + pause_s >= deadline_s:
                    break
                await asyncio.sleep(pause_s)
        raise ModelFailed(f"{troubles[-1]} (attempt {len(troubles)} of {ATTEMPTS})")

    async def _ask_once(self, messages: Sequence[Message], *, max_tokens: int) -> Answer:
        try:
            reply = await self._client.chat.completions.with_raw_response.create(
                model=self._model,
                messages=msgspec.to_builtins(messages),
                **{self._max_tokens_option: max_tokens, **self._options},
            )
        except APITimeoutError as error:
            raise _PassingTrouble(f"no answer within {self._timeout_s / 2:g} s") from error
        except APIConnectionError as error:
            raise _PassingTrouble(f"no connection: {error.__cause__ or error}") from error
        except APIStatusError as error:
            if self._adapts_to(error):
                return await self._ask_once(messages, max_tokens=max_tokens)
            raise _trouble_of(error) from error
        except OpenAIError as error:
            raise _PassingTrouble(f"the client refused the answer: {error}") from error
        return _answer_of(reply.text, reply.headers.get("content-type", "no content type"))

    def _adapts_to(self, error: APIStatusError) -> bool:
        """Drop or rename the option the server refuses; False if it refuses something else."""
        if error.status_code not in {400, 422}:
            return False
        refused = error.param or error.message
        if self._max_tokens_option in refused and self._max_tokens_option in RENAMED_OPTIONS:
            self._max_tokens_option = RENAMED_OPTIONS[self._max_tokens_option]
            return True
        for option in OPTIONAL_OPTIONS:
            if option in refused and option in self._options:
                del self._options[option]
                return True
        return False


def _backoff_s(attempt: int) -> float:
    return FIRST_BACKOFF_S * 2.0**attempt * random.SystemRandom().uniform(0.75, 1.25)


def _trouble_of(error: APIStatusError) -> _PassingTrouble | ModelFailed:
    reason = f"HTTP {error.status_code}: {' '.join(error.message.split())[:REASON_LIMIT_CHARS]}"
    if error.status_code in PASSING_STATUSES or error.status_code >= FIRST_SERVER_ERROR:
        return _PassingTrouble(reason, retry_after_s=_retry_after_s(error))
    return ModelFailed(reason, is_final=error.status_code in FINAL_STATUSES)


def _retry_after_s(error: APIStatusError) -> float | None:
    """Read the Retry-After header; a date instead of seconds falls back to our own backoff."""
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _answer_of(body: str, content_type: str) -> Answer:
    try:
        completion = msgspec.json.decode(body, type=_Completion)
    except msgspec.MsgspecError as error:
        raise _PassingTrouble(f"the answer is no chat completion ({content_type})") from error
    if not completion.choices:
        raise _PassingTrouble("the answer holds no choice")
    choice, usage = completion.choices[0], completion.usage or _TokenUsage()
    return Answer(
        text=choice.message.content or "",
        is_cut=choice.finish_reason == "length",
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
    )
