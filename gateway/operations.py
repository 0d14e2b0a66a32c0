"""Every HTTP operation that is documented, in one list. A test holds the routes to it."""

from typing import Any, Final

from msgspec import Struct

from gateway.bodies import (
    HealthBody,
    IndexBody,
    RangeBody,
    ResetBody,
    RpcBody,
    SchemaBody,
    SplitBody,
    StepBody,
    TurnBody,
)
from gateway.grading import BatchRequest, GradeRequest, GradeResponse
from gateway.readiness import ReadyReport
from gateway.settings import Mode
from gateway.task_api import TaskPage
from gateway.wire import Metadata, PythonCodeReviewState


class Operation(Struct, frozen=True, kw_only=True):
    """One path and method; `answer` is None for JSON of no fixed shape."""

    path: str
    summary: str
    tag: str
    method: str = "get"
    body: type[Any] | None = None
    body_required: bool = True
    answer: type[Any] | None = None
    media_type: str = "application/json"
    refusals: tuple[int, ...] = ()
    session: bool = False


_CONTROL: Final = "Environment Control"
_INFO: Final = "Environment Info"
_TASKS: Final = "Tasks"
_GRADING: Final = "Grading"
_HEALTH: Final = "Health"
_BODY: Final = (400, 413, 422)

SIMULATION: Final = (
    Operation(
        path="/reset",
        method="post",
        summary="Begin an episode",
        tag=_CONTROL,
        body=ResetBody,
        body_required=False,
        answer=TurnBody,
        refusals=(*_BODY, 404, 409, 503),
        session=True,
    ),
    Operation(
        path="/step",
        method="post",
        summary="Take one step",
        tag=_CONTROL,
        body=StepBody,
        answer=TurnBody,
        refusals=(*_BODY, 404, 409, 503),
        session=True,
    ),
    Operation(
        path="/state",
        summary="Say where a session stands",
        tag="State Management",
        answer=PythonCodeReviewState,
        refusals=(404,),
        session=True,
    ),
)
ALWAYS: Final = (
    Operation(path="/health", summary="Health check", tag=_HEALTH, answer=HealthBody),
    Operation(path="/livez", summary="Say that the process lives", tag=_HEALTH, answer=HealthBody),
    Operation(
        path="/readyz",
        summary="Say whether gradings can be done, how submissions are confined, and why not",
        tag=_HEALTH,
        answer=ReadyReport,
        refusals=(503,),
    ),
    Operation(
        path="/metrics",
        summary="Give figures to Prometheus",
        tag=_HEALTH,
        media_type="text/plain",
    ),
    Operation(path="/metadata", summary="Say what this is", tag=_INFO, answer=Metadata),
    Operation(path="/schema", summary="JSON Schemas", tag="Schema", answer=SchemaBody),
    Operation(
        path="/mcp",
        method="post",
        summary="JSON-RPC: tools/list, tools/call, openenv/session/create, openenv/session/close",
        tag=_CONTROL,
        body=RpcBody,
        refusals=(413,),
    ),
    Operation(path="/tasks", summary="List the tasks", tag=_TASKS),
    Operation(
        path="/tasks/{task_id}",
        summary="Show one task",
        tag=_TASKS,
        answer=TaskPage,
        refusals=(404,),
    ),
    Operation(
        path="/grade",
        method="post",
        summary="Grade one source in full and forget it",
        tag=_GRADING,
        body=GradeRequest,
        answer=GradeResponse,
        refusals=(*_BODY, 404, 503),
    ),
    Operation(
        path="/grade/batch",
        method="post",
        summary="Grade many sources in full",
        tag=_GRADING,
        body=BatchRequest,
        refusals=_BODY,
    ),
    Operation(path="/list_environments", summary="List the one environment", tag=_TASKS),
    Operation(path="/{env}/splits", summary="List the splits", tag=_TASKS, refusals=(404,)),
    Operation(
        path="/{env}/tasks",
        method="post",
        summary="List the tasks of a split",
        tag=_TASKS,
        body=SplitBody,
        refusals=(*_BODY, 404),
    ),
    Operation(
        path="/{env}/num_tasks",
        method="post",
        summary="Count the tasks of a split",
        tag=_TASKS,
        body=SplitBody,
        refusals=(*_BODY, 404),
    ),
    Operation(
        path="/{env}/task",
        method="post",
        summary="Show a task of a split",
        tag=_TASKS,
        body=IndexBody,
        refusals=(*_BODY, 404),
    ),
    Operation(
        path="/{env}/task_range",
        method="post",
        summary="List some tasks of a split",
        tag=_TASKS,
        body=RangeBody,
        refusals=(*_BODY, 404),
    ),
)


def operations_in(mode: Mode) -> tuple[Operation, ...]:
    """Return what is served in a mode."""
    return (*SIMULATION, *ALWAYS) if mode == "simulation" else ALWAYS
