"""What callers may send to an environment, decoded into values or refused field by field."""

import math
import zlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from gateway.problems import invalid_fields, undecodable_body
from gateway.validation import (
    NotJson,
    NotText,
    Rule,
    Shape,
    Wrong,
    anything,
    checked,
    decode_json,
    integer,
    mapping,
    number,
    one_of,
    problem_of,
    text,
)
from gateway.wire import ACTION_TYPES, REWARD_MODES, PythonCodeReviewAction, RewardMode
from tasks.selection import Wish

_ECHO_CHARS: Final = 1000
"""How much of a body that is no JSON is sent back, characters."""
_NO_OBJECT: Final = Wrong(
    "model_attributes_type",
    "Input should be a valid dictionary or object to extract fields from",
)
_LABEL: Final = text(max_length=255)
_ACTION: Final = Shape(
    rules=(
        Rule(name="metadata", check=mapping, default={}),
        Rule(name="action_type", check=one_of(*ACTION_TYPES), required=True),
        Rule(name="code", check=text(), nullable=True),
    ),
    extra="forbid",
)
_STEP: Final = Shape(
    rules=(
        Rule(name="action", check=mapping, required=True),
        Rule(name="timeout_s", check=number(above=0.0), nullable=True),
        Rule(name="request_id", check=_LABEL, nullable=True),
        Rule(name="session_id", check=text(), nullable=True),
    ),
    extra="ignore",
)
_CHOICE: Final = (
    Rule(name="task_id", check=text(), nullable=True),
    Rule(name="task_kind", check=text(), nullable=True),
    Rule(name="difficulty", check=text(), nullable=True),
    Rule(name="split", check=text(), nullable=True),
    Rule(name="index", check=integer(), nullable=True),
    Rule(name="reward_mode", check=one_of(*REWARD_MODES), nullable=True),
    Rule(name="session_id", check=text(), nullable=True),
)
_RESET: Final = Shape(
    rules=(
        Rule(name="seed", check=integer(at_least=0), nullable=True),
        Rule(name="episode_id", check=_LABEL, nullable=True),
        *_CHOICE,
    ),
    extra="ignore",
)
_RESET_FRAME: Final = Shape(
    rules=(
        Rule(name="seed", check=anything, nullable=True),
        Rule(name="episode_id", check=_LABEL, nullable=True),
        *_CHOICE,
    ),
    extra="ignore",
)
_FRAMES: Final = {
    "reset": Shape(
        rules=(
            Rule(name="type", check=anything),
            Rule(name="data", check=mapping, default={}),
        ),
        extra="forbid",
    ),
    "step": Shape(
        rules=(
            Rule(name="type", check=anything),
            Rule(name="data", check=mapping, required=True),
        ),
        extra="forbid",
    ),
    "state": Shape(rules=(Rule(name="type", check=anything),), extra="forbid"),
}
_FRAMES["mcp"] = _FRAMES["step"]
_FRAMES["close"] = _FRAMES["state"]


class ResetRequest(Struct, frozen=True, kw_only=True):
    """How an episode is to begin. `session_id` is None for a new session, or the socket's own."""

    wish: Wish = Wish()
    episode_id: str | None = None
    reward_mode: RewardMode | None = None
    session_id: str | None = None


class StepRequest(Struct, frozen=True, kw_only=True):
    """One step as HTTP asks for it. `timeout_s` shortens the limits of its grading, seconds."""

    action: PythonCodeReviewAction
    timeout_s: float | None = None
    request_id: str | None = None
    session_id: str | None = None


def body_object(raw: bytes, *, content_type: str, required: bool) -> dict[str, Any]:
    """Decode an HTTP body that should be one JSON object; an optional one may be absent.

    Raises:
        Refusal: 422 in pydantic's shapes, or 400 for a body that is no text.
    """
    if not raw:
        if not required:
            return {}
        missing = Wrong("missing", "Field required")
        raise invalid_fields([problem_of(missing, ("body",), value=None)])
    if not _is_json(content_type):
        echo = raw.decode("utf-8", "replace")[:_ECHO_CHARS]
        raise invalid_fields([problem_of(_NO_OBJECT, ("body",), value=echo)])
    body = decoded_body(raw)
    if not isinstance(body, dict):
        raise invalid_fields([problem_of(_NO_OBJECT, ("body",), value=body)])
    return body


def decoded_body(raw: bytes) -> Any:
    """Decode an HTTP body as JSON.

    Raises:
        Refusal: As `body_object` does.
    """
    try:
        return decode_json(raw)
    except NotText as error:
        raise undecodable_body() from error
    except NotJson as error:
        invalid = Wrong("json_invalid", "JSON decode error", {"error": error.reason})
        raise invalid_fields([problem_of(invalid, ("body", error.position), value={})]) from error


def reset_request(body: Mapping[str, Any]) -> ResetRequest:
    """Read the body of a reset over HTTP.

    Raises:
        Refusal: 422 naming every wrong field.
    """
    fields, problems = checked(_RESET, body, loc=("body",))
    if problems:
        raise invalid_fields(problems)
    return _reset_of(fields)


def reset_frame(data: Mapping[str, Any]) -> ResetRequest:
    """Read the data of a reset frame. Any seed will do there, as with OpenEnv's own server.

    Raises:
        Refusal: VALIDATION_ERROR naming every wrong field.
    """
    fields, problems = checked(_RESET_FRAME, data, url=True)
    if problems:
        raise invalid_fields(problems)
    return _reset_of(fields)


def _reset_of(fields: Mapping[str, Any]) -> ResetRequest:
    seed = fields["seed"]
    if seed is not None and not isinstance(seed, int):
        seed = zlib.crc32(msgspec.json.encode(seed))
    return ResetRequest(
        wish=Wish(
            task_id=fields["task_id"],
            task_kind=fields["task_kind"],
            difficulty=fields["difficulty"],
            split=fields["split"],
            index=fields["index"],
            seed=seed,
        ),
        episode_id=fields["episode_id"],
        reward_mode=fields["reward_mode"],
        session_id=fields["session_id"],
    )


def step_request(body: Mapping[str, Any]) -> StepRequest:
    """Read the body of a step over HTTP.

    Raises:
        Refusal: 422 naming every wrong field.
    """
    fields, problems = checked(_STEP, body, loc=("body",))
    if problems:
        raise invalid_fields(problems)
    timeout_s = fields["timeout_s"]
    return StepRequest(
        action=action_of(fields["action"]),
        timeout_s=None if timeout_s == math.inf else timeout_s,
        request_id=fields["request_id"],
        session_id=fields["session_id"],
    )


def action_of(value: Mapping[str, Any]) -> PythonCodeReviewAction:
    """Read an action.

    Raises:
        Refusal: 422 or VALIDATION_ERROR, with locations relative to the action.
    """
    fields, problems = checked(_ACTION, value, url=True)
    if problems:
        raise invalid_fields(problems)
    return PythonCodeReviewAction(**fields)


def request_id_of(action: PythonCodeReviewAction) -> str | None:
    """Return what a step on a socket calls itself, if it does.

    OpenEnv's frames have no field for it, so it travels in the metadata of the action, which are
    the caller's own: whatever is no label there means nothing to us.
    """
    label = _LABEL(action.metadata.get("request_id"))
    return None if isinstance(label, Wrong) or not label else str(label)


def frame_data(frame: Mapping[str, Any]) -> Any:
    """Return the data of a frame whose type is known to exist; None for those that have none.

    Raises:
        Refusal: VALIDATION_ERROR when the frame has not the form of its type.
    """
    fields, problems = checked(_FRAMES[frame["type"]], frame, url=True)
    if problems:
        raise invalid_fields(problems)
    return fields.get("data")


def is_known_frame(kind: object) -> bool:
    """Say whether there are frames of this type."""
    return isinstance(kind, str) and kind in _FRAMES


def _is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )
