"""Hands a job to the queue and turns what goes wrong there into refusals."""

import structlog

from gateway import problems
from worker.messages import Graded, GradeJob, GradingFailed, TestsBroken
from worker.queue import BatchAnswer, GradeQueue, NoRoom, QueueFull

log = structlog.get_logger(__name__)


async def graded(queue: GradeQueue, job: GradeJob, *, deadline_s: float) -> Graded:
    """Return the grade of a job.

    Raises:
        Refusal: If the queue is full, grading failed, or the tests of an inline task are broken.
            Broken tests of a task of the catalogue are our fault.
    """
    try:
        report = await queue.grade(job, deadline_s=deadline_s)
    except QueueFull as full:
        raise problems.queue_full(full.retry_after_s) from full
    return grade_of(job, report)


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
