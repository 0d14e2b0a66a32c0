"""Stateless grading: POST /grade and POST /grade/batch."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import uuid4

import msgspec
from litestar import post
from litestar.response.base import ASGIResponse
from msgspec import Meta, Struct

from gateway import problems
from gateway.context import HttpRequest, gateway_of
from gateway.gradings import grade_of, graded, graded_many
from gateway.incoming import decoded_body
from gateway.observations import visible_tests
from gateway.problems import Refusal
from gateway.replies import json_reply
from gateway.validation import Wrong, problem_of
from gateway.wire import FieldProblem, VisibleTest
from graders.grade import Grade, TestCount
from sandbox.limits import DEFAULT_LIMITS, SOURCE_BYTES, TEST_SOURCE_BYTES, Limits
from sandbox.outcome import Outcome, Usage
from tasks.task import CostRatio, Difficulty, Provenance, Share, Task, TaskKind, Weights
from worker.messages import GradeJob
from worker.queue import BatchAnswer

BATCH_ITEMS: Final = 256

_Name: Final = Meta(min_length=1, max_length=200, pattern=r"^[^\W\d]\w*$")
_AT: Final = " - at `$"


class InlineTask(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A task that comes with the request. Tests are Python source that imports `solution`.

    `workload`, `reference` and `cost_ratio` are for optimizations alone: the workload defines
    `make_inputs(rng)`, the reference is what the submission is timed against. An optimization
    without a workload is judged by its tests.
    """

    kind: TaskKind = TaskKind.BUG_FIX
    entry_points: tuple[Annotated[str, _Name], ...] = ()
    exported_classes: tuple[Annotated[str, _Name], ...] = ()
    public_tests: str = ""
    hidden_tests: str = ""
    limits: Limits | None = None
    weights: Weights = Weights()
    workload: str = ""
    reference: str = ""
    cost_ratio: CostRatio = 10.0
    runtime_bar: Share = 0.7


class GradeRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source to grade, against a task of the catalogue or an inline one."""

    code: str
    task_id: str | None = None
    task: InlineTask | None = None
    limits: Limits | None = None
    """For an inline task; the same as its own `limits`."""
    timeout_s: Annotated[float, Meta(gt=0)] | None = None
    """Shortens the limits of time, seconds; never lengthens them."""


class BatchRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Many gradings, answered together and in order."""

    items: Annotated[tuple[GradeRequest, ...], Meta(max_length=BATCH_ITEMS)]


class GradeResponse(Struct, frozen=True, kw_only=True):
    """What was found. Of hidden tests only the counts are told."""

    task_id: str | None
    passed: bool
    score: float
    public: TestCount
    hidden: TestCount
    tests: tuple[VisibleTest, ...]
    components: dict[str, float]
    quality: float
    runtime: float | None
    runtime_ratio: float | None
    error: str
    """Why the code does not compile or can not be imported; empty when it can."""
    outcome: Outcome
    usage: Usage


class BatchFault(Struct, frozen=True, kw_only=True):
    """Why one grading of a batch was refused or failed; its siblings are not touched."""

    status: int
    detail: str
    retry_after_s: int


class BatchResult(Struct, frozen=True, kw_only=True):
    """One answer of a batch: exactly one of the two."""

    grade: GradeResponse | None = None
    error: BatchFault | None = None


@post("/grade", status_code=200)
async def grade(request: HttpRequest) -> ASGIResponse:
    """Grade one source in full and forget it."""
    wanted = _converted(await request.body(), GradeRequest)
    gateway = gateway_of(request)
    job = _job(wanted, gateway.tasks)
    report = await graded(
        gateway.queue,
        job,
        deadline_s=gateway.settings.grade_deadline_s,
        metrics=gateway.metrics,
    )
    return json_reply(_response(wanted.task_id, report.grade))


@post("/grade/batch", status_code=200)
async def grade_batch(request: HttpRequest) -> ASGIResponse:
    """Grade many sources in full; a fault of one is told in its place."""
    wanted = _converted(await request.body(), BatchRequest)
    gateway = gateway_of(request)
    made = [_job_or_fault(item, gateway.tasks) for item in wanted.items]
    jobs = [job for job in made if isinstance(job, GradeJob)]
    graded_jobs = await graded_many(
        gateway.queue,
        jobs,
        deadline_s=gateway.settings.grade_deadline_s,
        metrics=gateway.metrics,
    )
    answers = iter(graded_jobs)
    results = [
        _result(item, job, next(answers)) if isinstance(job, GradeJob) else BatchResult(error=job)
        for item, job in zip(wanted.items, made, strict=True)
    ]
    return json_reply({"results": results})


def _job_or_fault(wanted: GradeRequest, tasks: Mapping[str, Task]) -> GradeJob | BatchFault:
    try:
        return _job(wanted, tasks)
    except Refusal as refusal:
        return _fault(refusal)


def _result(wanted: GradeRequest, job: GradeJob, answer: BatchAnswer) -> BatchResult:
    try:
        return BatchResult(grade=_response(wanted.task_id, grade_of(job, answer).grade))
    except Refusal as refusal:
        return BatchResult(error=_fault(refusal))


def _fault(refusal: Refusal) -> BatchFault:
    return BatchFault(
        status=refusal.status,
        detail=problems.told(refusal.problems) or refusal.message,
        retry_after_s=refusal.retry_after_s,
    )


def _job(wanted: GradeRequest, tasks: Mapping[str, Task]) -> GradeJob:
    _demand_size(wanted.code, ("body", "code"), SOURCE_BYTES)
    if (wanted.task_id is None) == (wanted.task is None):
        raise _refused("task_id", "Give either task_id or task", wanted.task_id)
    if wanted.task_id is not None and wanted.task_id not in tasks:
        raise problems.unknown_task_id(wanted.task_id, tasks)
    if wanted.task_id is not None and wanted.limits is not None:
        raise _refused("limits", "A task of the catalogue has its own limits; use timeout_s", None)
    return GradeJob(
        job_id=f"grade-{uuid4()}",
        source=wanted.code,
        scope="full",
        task_id=wanted.task_id,
        inline_task=None if wanted.task is None else _task(wanted.task, wanted.limits),
        wall_limit_s=wanted.timeout_s,
    )


def _task(inline: InlineTask, limits: Limits | None) -> Task:
    for name in ("public_tests", "hidden_tests", "workload", "reference"):
        _demand_size(getattr(inline, name), ("body", "task", name), TEST_SOURCE_BYTES)
    if not inline.public_tests.strip() and not inline.hidden_tests.strip():
        raise _refused("task", "A task needs public_tests or hidden_tests", None)
    if inline.kind is not TaskKind.PROGRAM and not inline.entry_points:
        raise _refused("task", "A task needs entry_points: the names its tests import", None)
    timed = bool(inline.workload)
    if timed and (inline.kind is not TaskKind.OPTIMIZATION or not inline.reference):
        raise _refused("task", "workload goes with kind optimization and a reference", None)
    return Task(
        id="inline",
        title="Inline task",
        kind=inline.kind,
        difficulty=Difficulty.MEDIUM,
        instruction="",
        starter="",
        reference=inline.reference,
        test_public=inline.public_tests,
        test_hidden=inline.hidden_tests,
        entry_points=inline.entry_points,
        exported_classes=inline.exported_classes,
        workload=inline.workload,
        cost_ratio=inline.cost_ratio if timed else 1.0,
        runtime_bar=inline.runtime_bar,
        limits=inline.limits or limits or DEFAULT_LIMITS,
        weights=inline.weights,
        provenance=Provenance(source="request", licence="unknown"),
    )


def _response(task_id: str | None, found: Grade) -> GradeResponse:
    none = TestCount(0, 0)
    fault = found.analysis.syntax_problem
    return GradeResponse(
        task_id=task_id,
        passed=found.passed,
        score=found.score,
        public=found.public or none,
        hidden=found.hidden or none,
        tests=visible_tests(found),
        components=found.components,
        quality=found.quality,
        runtime=found.runtime,
        runtime_ratio=found.runtime_ratio,
        error=found.load_error if fault is None else f"{fault.message} (line {fault.line})",
        outcome=found.outcome,
        usage=found.usage,
    )


def _converted(raw: bytes, kind: type[Any]) -> Any:
    try:
        return msgspec.convert(decoded_body(raw), kind, strict=False)
    except msgspec.ValidationError as error:
        raise problems.invalid_fields([_located(str(error))]) from error


def _located(words: str) -> FieldProblem:
    """Turn msgspec's one complaint into pydantic's shape: `… - at `$.task.kind`` says where."""
    message, _, path = words.partition(_AT)
    steps = path.rstrip("`").replace("[", ".").replace("]", "").split(".")
    loc = ("body", *(int(step) if step.isdecimal() else step for step in steps if step))
    kind = "missing" if "missing required field" in message else "value_error"
    return problem_of(Wrong(kind, message), loc, value=None)


def _demand_size(text: str, loc: tuple[str, ...], limit_bytes: int) -> None:
    size_bytes = len(text.encode())
    if size_bytes > limit_bytes:
        raise problems.invalid_field(
            loc,
            kind="too_long",
            message=f"has {size_bytes} bytes, at most {limit_bytes} are allowed",
            value=None,
        )


def _refused(field: str, message: str, value: Any) -> Refusal:
    return problems.invalid_field(("body", field), kind="value_error", message=message, value=value)


ROUTES: Final = (grade, grade_batch)
