"""Hands jobs to the queue and turns what goes wrong there into refusals."""

import asyncio
from collections.abc import Sequence
from time import perf_counter

import structlog
from msgspec.structs import replace

from gateway import problems
from gateway.metrics import Metrics
from gateway.request_ids import current_request_id
from worker.messages import (
    Graded,
    GradeJob,
    GradeReport,
    GradingFailed,
    TestsBroken,
    log_facts,
)
from worker.queue import BatchAnswer, GradeQueue, NoRoom, QueueFull

log = structlog.get_logger(__name__)


async def graded(
    queue: GradeQueue, job: GradeJob, *, deadline_s: float, metrics: Metrics
) -> Graded:
    """Return the grade of a job, graded under the id of the present request.

    Raises:
        Refusal: If the queue is full, grading failed, or the tests of an inline task are broken.
            Broken tests of a task of the catalogue are our fault.
    """
    began_s = perf_counter()
    job = replace(job, request_id=current_request_id())
    try:
        report = await queue.grade(job, deadline_s=deadline_s)
    except QueueFull as full:
        metrics.queue_was_full()
        raise problems.queue_full(full.retry_after_s) from full
    took_s = perf_counter() - began_s
    asyncio.get_running_loop().call_soon(_record, job, report, metrics, took_s)
    return grade_of(job, report)


async def graded_many(
    queue: GradeQueue, jobs: Sequence[GradeJob], *, deadline_s: float, metrics: Metrics
) -> list[BatchAnswer]:
    """Return an answer for each job, in order, graded under the id of the present request."""
    named = [replace(job, request_id=current_request_id()) for job in jobs]
    answers = await queue.grade_many(named, deadline_s=deadline_s)
    for job, answer in zip(named, answers, strict=True):
        if isinstance(answer, NoRoom):
            metrics.queue_was_full()
        else:
            _record(job, answer, metrics, None)
    return list(answers)


def _record(job: GradeJob, report: GradeReport, metrics: Metrics, took_s: float | None) -> None:
    """Count and log a grading; for a single one that is done when its answer is on its way."""
    metrics.graded(job, report, took_s=took_s)
    log.info("graded", **log_facts(job, report))


def grade_of(job: GradeJob, answer: BatchAnswer) -> Graded:
    """Return the grade in an answer.

    Raises:
        Refusal: If it is none, as `graded` says.
    """
    match answer:
        case Graded():
            return answer
        case NoRoom(retry_after_s=retry_after_s):
            raise problems.queue_full(retry_after_s)
        case TestsBroken(reason=reason) if job.inline_task is not None:
            raise problems.tests_broken(reason)
        case TestsBroken(reason=reason):
            log.error("tests_broken", job_id=job.job_id, task_id=job.task_id, reason=reason)
        case GradingFailed(reason=reason):
            log.error("grading_failed", job_id=job.job_id, reason=reason)
    raise problems.grading_failed()
