"""Jobs and reports: all that the gateway sees of the worker besides its queue."""

from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from graders.grade import Grade
from tasks.task import Task

Scope: TypeAlias = Literal["analysis", "public", "full"]
"""What is asked: no test, the public tests, or public and hidden tests."""
LOGGED_DIGITS: Final = 6
"""Digits after the point of what is logged of times in seconds."""


class GradeJob(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source to be graded once. Exactly one of `task_id` and `inline_task` is set."""

    job_id: str
    source: str
    scope: Scope
    task_id: str | None = None
    inline_task: Task | None = None
    wall_limit_s: float | None = None
    """Shortens the task's own limits, never lengthens them."""
    request_id: str = ""
    """Under which gateway and worker log what they do; grades do not depend on it."""


class Phases(Struct, frozen=True, kw_only=True):
    """Where the time of one grading went, seconds."""

    queue_s: float = 0.0
    sandbox_s: float = 0.0
    judge_s: float = 0.0


class Graded(Struct, frozen=True, kw_only=True, tag="graded"):
    """The submission was judged."""

    job_id: str
    grade: Grade
    phases: Phases = Phases()


class TestsBroken(Struct, frozen=True, kw_only=True, tag="tests_broken"):
    """The task's own tests could not be collected: its author is to blame."""

    __test__ = False

    job_id: str
    reason: str


class GradingFailed(Struct, frozen=True, kw_only=True, tag="grading_failed"):
    """Our machinery failed; no step is consumed and this is never reward 0."""

    job_id: str
    reason: str


GradeReport: TypeAlias = Graded | TestsBroken | GradingFailed
Verdict: TypeAlias = Literal["passed", "not_passed", "analysed", "tests_broken", "grading_failed"]
"""A report in one word."""


def verdict_of(report: GradeReport) -> Verdict:
    """Say in one word what came of a grading."""
    match report:
        case Graded(grade=grade):
            if grade.scope == "analysis":
                return "analysed"
            return "passed" if grade.passed else "not_passed"
        case TestsBroken():
            return "tests_broken"
        case GradingFailed():
            return "grading_failed"


def log_facts(job: GradeJob, report: GradeReport) -> dict[str, object]:
    """Return what may be logged of a grading: ids, names of ours and figures, no text sent here."""
    facts: dict[str, object] = {
        "job_id": job.job_id,
        "task_id": job.task_id or "inline",
        "scope": job.scope,
        "verdict": verdict_of(report),
    }
    if isinstance(report, Graded):
        facts |= {
            "outcome": report.grade.outcome.__struct_config__.tag,
            "queue_s": round(report.phases.queue_s, LOGGED_DIGITS),
            "sandbox_s": round(report.phases.sandbox_s, LOGGED_DIGITS),
            "judge_s": round(report.phases.judge_s, LOGGED_DIGITS),
        }
    return facts


class BatchGraded(Struct, frozen=True, kw_only=True, tag="batch_graded"):
    """One report for each job of a batch, in order; None for a job that was not begun."""

    reports: tuple[GradeReport | None, ...]


Answer: TypeAlias = GradeReport | BatchGraded
"""What a worker answers to one job or to a batch of them."""

_ENCODER: Final = msgspec.json.Encoder()
_JOB: Final = msgspec.json.Decoder(GradeJob)
_JOBS: Final = msgspec.json.Decoder(tuple[GradeJob, ...])
_ANSWERS: Final = msgspec.json.Decoder[Answer](Answer)


def encoded(message: GradeJob | tuple[GradeJob, ...] | Answer) -> bytes:
    """Return a message as JSON."""
    return _ENCODER.encode(message)


def decoded_job(text: bytes | str) -> GradeJob:
    """Return the job of a JSON text.

    Raises:
        msgspec.DecodeError: If it is none.
    """
    return _JOB.decode(text)


def decoded_jobs(text: bytes | str) -> tuple[GradeJob, ...]:
    """Return the jobs of a JSON text.

    Raises:
        msgspec.DecodeError: If it is no list of jobs.
    """
    return _JOBS.decode(text)


def decoded_answer(text: bytes | str) -> Answer:
    """Return the answer of a JSON text.

    Raises:
        msgspec.DecodeError: If it is none.
    """
    answer: Answer = _ANSWERS.decode(text)
    return answer
