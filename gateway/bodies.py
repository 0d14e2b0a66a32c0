"""Bodies of requests and responses as the OpenAPI document describes them."""

from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from gateway.wire import FieldProblem, ObservationFields, PythonCodeReviewAction, RewardMode

_LABEL: Final = Meta(max_length=255)


class ResetBody(Struct, kw_only=True):
    """What a reset may wish for; further keys are ignored."""

    seed: Annotated[int, Meta(ge=0)] | None = None
    episode_id: Annotated[str, _LABEL] | None = None
    task_id: str | None = None
    task_kind: str | None = None
    difficulty: str | None = None
    split: str | None = None
    index: int | None = None
    reward_mode: RewardMode | None = None
    session_id: str | None = None


class StepBody(Struct, kw_only=True):
    """One step; further keys are ignored."""

    action: PythonCodeReviewAction
    timeout_s: Annotated[float, Meta(gt=0)] | None = None
    request_id: Annotated[str, _LABEL] | None = None
    session_id: str | None = None


class TurnBody(Struct, kw_only=True):
    """The answer to a reset or a step."""

    observation: ObservationFields
    reward: float | None
    done: bool
    metadata: dict[str, Any] | None


class HealthBody(Struct, kw_only=True):
    """That the process answers."""

    status: str


class SchemaBody(Struct, kw_only=True):
    """JSON Schemas of actions, observations and states."""

    action: dict[str, Any]
    observation: dict[str, Any]
    state: dict[str, Any]


class RpcBody(Struct, kw_only=True):
    """A JSON-RPC 2.0 request."""

    jsonrpc: str
    method: str
    params: dict[str, Any] = {}
    id: str | int | None = None


class ProblemsBody(Struct, kw_only=True):
    """A refusal: what is wrong field by field, or in one sentence."""

    detail: list[FieldProblem] | str


class SplitBody(Struct, kw_only=True, forbid_unknown_fields=True):
    """A split of the tasks."""

    split: str


class IndexBody(SplitBody, kw_only=True, forbid_unknown_fields=True):
    """One task of a split."""

    index: int


class RangeBody(SplitBody, kw_only=True, forbid_unknown_fields=True):
    """Some tasks of a split."""

    start: int | None = None
    stop: int | None = None
