"""What tasks there are: OpenEnv's Task API, and /tasks. Hidden tests and references stay here."""

from typing import Any, Final

from litestar import get, post
from litestar.params import FromPath
from litestar.response.base import ASGIResponse
from msgspec import Struct

from gateway import problems
from gateway.context import HttpRequest, gateway_of
from gateway.incoming import body_object
from gateway.replies import json_reply
from gateway.validation import Rule, Shape, checked, integer, text
from gateway.wire import ENV_NAME
from sandbox.limits import Limits
from tasks.task import Provenance, Task, Weights

_SPLIT: Final = Rule(name="split", check=text(), required=True)
_BY_SPLIT: Final = Shape(rules=(_SPLIT,), extra="forbid")
_BY_INDEX: Final = Shape(
    rules=(_SPLIT, Rule(name="index", check=integer(), required=True)), extra="forbid"
)
_BY_RANGE: Final = Shape(
    rules=(
        _SPLIT,
        Rule(name="start", check=integer(), nullable=True),
        Rule(name="stop", check=integer(), nullable=True),
    ),
    extra="forbid",
)
_KNOWN_SPLITS: Final = frozenset({"train", "validation", "test"})


class TaskSummary(Struct, frozen=True, kw_only=True):
    """A task in a list."""

    id: str
    title: str
    kind: str
    difficulty: str
    split: str
    max_steps: int


class TaskPage(Struct, frozen=True, kw_only=True):
    """All of a task that anybody may see."""

    id: str
    title: str
    kind: str
    difficulty: str
    split: str
    max_steps: int
    instruction: str
    starter: str
    public_tests: str
    entry_points: tuple[str, ...]
    exported_classes: tuple[str, ...]
    limits: Limits
    weights: Weights
    provenance: Provenance


@get("/tasks")
async def list_tasks(request: HttpRequest) -> ASGIResponse:
    """List the tasks."""
    tasks = [summary_of(task) for task in gateway_of(request).tasks.values()]
    return json_reply({"tasks": tasks})


@get("/tasks/{task_id:str}")
async def show_task(request: HttpRequest, task_id: FromPath[str]) -> ASGIResponse:
    """Show one task."""
    tasks = gateway_of(request).tasks
    if task_id not in tasks:
        raise problems.unknown_task_id(task_id, tasks)
    return json_reply(page_of(tasks[task_id]))


@get("/list_environments")
async def list_environments() -> ASGIResponse:
    """List the one environment."""
    return json_reply([ENV_NAME])


@get("/{env:str}/splits")
async def splits(request: HttpRequest, env: FromPath[str]) -> ASGIResponse:
    """List the splits."""
    _demand_ours(env)
    names = dict.fromkeys(task.split for task in gateway_of(request).tasks.values())
    return json_reply(
        [{"name": name, "type": name if name in _KNOWN_SPLITS else "validation"} for name in names]
    )


@post("/{env:str}/tasks", status_code=200)
async def split_tasks(request: HttpRequest, env: FromPath[str]) -> ASGIResponse:
    """List the tasks of a split."""
    fields = await _fields(request, env, _BY_SPLIT)
    return json_reply({"tasks": _of_split(request, fields), "env_name": ENV_NAME})


@post("/{env:str}/num_tasks", status_code=200)
async def count_tasks(request: HttpRequest, env: FromPath[str]) -> ASGIResponse:
    """Count the tasks of a split."""
    fields = await _fields(request, env, _BY_SPLIT)
    return json_reply({"num_tasks": len(_of_split(request, fields))})


@post("/{env:str}/task", status_code=200)
async def split_task(request: HttpRequest, env: FromPath[str]) -> ASGIResponse:
    """Show one task of a split by its index, from 0."""
    fields = await _fields(request, env, _BY_INDEX)
    tasks = _of_split(request, fields)
    index = fields["index"]
    if not 0 <= index < len(tasks):
        raise problems.invalid_task_index()
    return json_reply({"task": tasks[index]})


@post("/{env:str}/task_range", status_code=200)
async def task_range(request: HttpRequest, env: FromPath[str]) -> ASGIResponse:
    """List some tasks of a split, as a slice."""
    fields = await _fields(request, env, _BY_RANGE)
    tasks = _of_split(request, fields)
    return json_reply({"tasks": tasks[fields["start"] : fields["stop"]]})


def summary_of(task: Task) -> TaskSummary:
    """Return a task as lists show it."""
    return TaskSummary(
        id=task.id,
        title=task.title,
        kind=task.kind.value,
        difficulty=task.difficulty.value,
        split=task.split,
        max_steps=task.max_steps,
    )


def page_of(task: Task) -> TaskPage:
    """Return all of a task that anybody may see."""
    return TaskPage(
        id=task.id,
        title=task.title,
        kind=task.kind.value,
        difficulty=task.difficulty.value,
        split=task.split,
        max_steps=task.max_steps,
        instruction=task.instruction,
        starter=task.starter,
        public_tests=task.test_public,
        entry_points=task.entry_points,
        exported_classes=task.exported_classes,
        limits=task.limits,
        weights=task.weights,
        provenance=task.provenance,
    )


async def _fields(request: HttpRequest, env: str, shape: Shape) -> dict[str, Any]:
    content_type = request.headers.get("content-type", "")
    body = body_object(await request.body(), content_type=content_type, required=True)
    fields, wrong = checked(shape, body, loc=("body",))
    if wrong:
        raise problems.invalid_fields(wrong)
    _demand_ours(env)
    return fields


def _of_split(request: HttpRequest, fields: dict[str, Any]) -> list[TaskSummary]:
    tasks = gateway_of(request).tasks.values()
    return [summary_of(task) for task in tasks if task.split == fields["split"]]


def _demand_ours(env: str) -> None:
    if env.lower() != ENV_NAME:
        raise problems.unknown_environment(env)


ROUTES: Final = (
    list_tasks,
    show_task,
    list_environments,
    splits,
    split_tasks,
    count_tasks,
    split_task,
    task_range,
)
