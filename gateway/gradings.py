"""Hands a job to the queue and turns what goes wrong there into refusals."""

from time import perf_counter

import structlog
from msgspec.structs import replace

from gateway import problems
from gateway.metrics import Metrics
from gateway.request_ids import current_request_id
from worker.messages import Graded, GradeJob, GradingFailed, TestsBroken, log_facts
from worker.queue import GradeQueue, QueueFull

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
    metrics.graded(job, report, took_s=perf_counter() - began_s)
    log.info("graded", **log_facts(job, report))
    match report:
        case Graded():
            return report
        case TestsBroken(reason=reason) if job.inline_task is not None:
            raise problems.tests_broken(reason)
        case TestsBroken(reason=reason):
            log.error("tests_broken", job_id=job.job_id, task_id=job.task_id, reason=reason)
        case GradingFailed(reason=reason):
            log.error("grading_failed", job_id=job.job_id, reason=reason)
    raise problems.grading_failed()
