import msgspec
import pytest

from graders.quality import analysis_grade
from tests.unit.worker.examples import TASK, analyse, job_of
from worker.messages import (
    Graded,
    GradeJob,
    GradeReport,
    GradingFailed,
    Phases,
    TestsBroken,
    decoded_answer,
    decoded_job,
    encoded,
)


@pytest.mark.parametrize(
    "job", [job_of(), job_of(task_id=None, inline_task=TASK), job_of("\x00é", wall_limit_s=0.5)]
)
def test_a_job_survives_the_queue(job: GradeJob) -> None:
    assert decoded_job(encoded(job)) == job


@pytest.mark.parametrize(
    "report",
    [
        Graded(job_id="j", grade=analysis_grade(analyse("x")), phases=Phases(queue_s=0.5)),
        TestsBroken(job_id="j", reason="line 3"),
        GradingFailed(job_id="j", reason="gone"),
    ],
)
def test_a_report_survives_the_queue(report: GradeReport) -> None:
    assert decoded_answer(encoded(report)) == report


@pytest.mark.parametrize(
    "text", ['{"job_id": "j"}', '{"job_id":"j","source":"","scope":"full","colour":1}', "[]", "{"]
)
def test_what_is_no_job_is_refused(text: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        decoded_job(text)


def test_what_is_no_report_is_refused() -> None:
    with pytest.raises(msgspec.DecodeError):
        decoded_answer('{"type": "passed", "job_id": "j"}')
