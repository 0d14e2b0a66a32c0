"""The function RQ calls: decode a job, have it graded, encode the report."""

from collections.abc import Callable
from typing import Final

import structlog
from msgspec.structs import replace
from rq import get_current_job
from structlog.contextvars import bound_contextvars

from worker.messages import (
    Graded,
    GradeJob,
    GradeReport,
    GradingFailed,
    decoded_job,
    encoded,
    log_facts,
)

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
    if not _graders:
        raise GradingFault("nothing grades here: jobs are for workers of `python -m worker`")
    job = decoded_job(job_text)
    with bound_contextvars(request_id=job.request_id):
        report = _graders[0](job)
        if isinstance(report, Graded):
            report = replace(report, phases=replace(report.phases, queue_s=_waited_s()))
        log.info("graded", **log_facts(job, report))
    if isinstance(report, GradingFailed):
        raise GradingFault(report.reason)
    return encoded(report).decode()


def _waited_s() -> float:
    job = get_current_job()
    if job is None or job.enqueued_at is None or job.started_at is None:
        return 0.0
    return max(0.0, (job.started_at - job.enqueued_at).total_seconds())
