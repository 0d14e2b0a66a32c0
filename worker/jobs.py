"""The functions RQ calls: decode what is asked, have it graded, encode the answer."""

from collections.abc import Callable
from time import monotonic
from typing import Final

import structlog
from msgspec.structs import replace
from rq import get_current_job
from structlog.contextvars import bound_contextvars

from worker.messages import (
    BatchGraded,
    Graded,
    GradeJob,
    GradeReport,
    GradingFailed,
    decoded_job,
    decoded_jobs,
    encoded,
    log_facts,
)

SLICE_S: Final = 1.0
"""How long after its first job a batch begins another, seconds: jobs that last share no cost."""

log = structlog.get_logger(__name__)
_graders: Final[list[Callable[[GradeJob], GradeReport]]] = []


class GradingFault(Exception):
    """Our machinery failed; RQ tries again and in the end keeps the job as failed."""


def install(grade: Callable[[GradeJob], GradeReport]) -> None:
    """Say what grades jobs in this process."""
    _graders[:] = [grade]


def grade(job_text: str, _reply_to: str) -> str:
    """Grade one job; the answer is sent to `_reply_to` by the worker when RQ has recorded it.

    Raises:
        GradingFault: If our machinery failed.
        msgspec.DecodeError: If the text is no job.
    """
    report = _graded(decoded_job(job_text), _waited_s())
    if isinstance(report, GradingFailed):
        raise GradingFault(report.reason)
    return encoded(report).decode()


def grade_many(jobs_text: str, _reply_to: str) -> str:
    """Grade the jobs of a batch one after another, those that can be begun within `SLICE_S`.

    So nobody waits long behind a batch, and little is lost with a worker that dies. A job that
    failed is told in its place; whoever asked hands it over again by itself.

    Raises:
        GradingFault: If nothing grades here.
        msgspec.DecodeError: If the text is no list of jobs.
    """
    waited_s, began_s = _waited_s(), monotonic()
    reports: list[GradeReport | None] = []
    for job in decoded_jobs(jobs_text):
        since_s = monotonic() - began_s
        reports.append(None if since_s > SLICE_S else _graded(job, waited_s + since_s))
    return encoded(BatchGraded(reports=tuple(reports))).decode()


def _graded(job: GradeJob, queue_s: float) -> GradeReport:
    """Grade one job, which has waited `queue_s`, and say so in the log."""
    if not _graders:
        raise GradingFault("nothing grades here: jobs are for workers of `python -m worker`")
    with bound_contextvars(request_id=job.request_id):
        report = _graders[0](job)
        if isinstance(report, Graded):
            report = replace(report, phases=replace(report.phases, queue_s=queue_s))
        log.info("graded", **log_facts(job, report))
    return report


def _waited_s() -> float:
    job = get_current_job()
    if job is None or job.enqueued_at is None or job.started_at is None:
        return 0.0
    return max(0.0, (job.started_at - job.enqueued_at).total_seconds())
