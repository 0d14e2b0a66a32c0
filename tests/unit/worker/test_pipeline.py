import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from msgspec.structs import replace

from graders.grade import TestCount
from sandbox.exam import Analysis, Exam, ExamReport
from sandbox.limits import DEFAULT_LIMITS
from sandbox.outcome import SandboxUnavailable
from sandbox.scripted import ScriptedSandbox, replaying
from tasks.task import TaskKind
from tests.unit.worker.examples import (
    BROKEN,
    RIGHT,
    TASK,
    WRONG,
    analyse,
    examine,
    job_of,
    waited,
)
from worker.messages import Graded, GradeReport, GradingFailed, Phases, TestsBroken
from worker.pipeline import Pipeline

TIMED = replace(TASK, id="timed", kind=TaskKind.OPTIMIZATION, workload="inputs", cost_ratio=9.0)


@contextmanager
def pipeline_on(
    sandbox: ScriptedSandbox, *, sources_kept: int = 10, clock: Callable[[], float] | None = None
) -> Iterator[Pipeline]:
    pipeline = Pipeline(
        tasks={"double": TASK, "timed": TIMED},
        sandbox=sandbox,
        concurrency=2,
        sources_kept=sources_kept,
        clock=clock or (lambda: 0.0),
    )
    yield pipeline
    pipeline.close()


@pytest.fixture(name="sandbox")
def _sandbox() -> ScriptedSandbox:
    return ScriptedSandbox(examine=examine, analyse=analyse)


@pytest.fixture(name="pipeline")
def _pipeline(sandbox: ScriptedSandbox) -> Iterator[Pipeline]:
    with pipeline_on(sandbox) as pipeline:
        yield pipeline


def graded(report: GradeReport) -> Graded:
    assert isinstance(report, Graded), report
    return report


def test_a_full_job_runs_public_and_hidden_tests(
    pipeline: Pipeline, sandbox: ScriptedSandbox
) -> None:
    report = graded(pipeline.grade(job_of()))

    assert report.job_id == "j1"
    assert (report.grade.public, report.grade.hidden) == (TestCount(2, 2), TestCount(2, 2))
    assert report.grade.passed
    assert [file.source for file in sandbox.exams[0].test_files] == ["public", "hidden"]


def test_a_public_job_sends_nothing_hidden(pipeline: Pipeline, sandbox: ScriptedSandbox) -> None:
    report = graded(pipeline.grade(job_of(scope="public")))

    assert report.grade.hidden is None
    assert [file.source for file in sandbox.exams[0].test_files] == ["public"]


def test_an_analysis_job_runs_nothing(pipeline: Pipeline, sandbox: ScriptedSandbox) -> None:
    report = graded(pipeline.grade(job_of(scope="analysis")))

    assert (report.grade.scope, report.grade.analysis) == ("analysis", analyse(RIGHT))
    assert sandbox.exams == []


def test_a_source_that_does_not_compile_is_examined_for_its_count_of_tests(
    pipeline: Pipeline, sandbox: ScriptedSandbox
) -> None:
    report = graded(pipeline.grade(job_of(BROKEN)))

    assert (report.grade.public, report.grade.hidden) == (TestCount(0, 2), TestCount(0, 2))
    assert report.grade.score == 0.0
    assert len(sandbox.exams) == 1


def test_an_inline_task_needs_no_catalogue(pipeline: Pipeline) -> None:
    inline = replace(TASK, id="inline")

    report = graded(pipeline.grade(job_of(task_id=None, inline_task=inline)))

    assert report.grade.passed


@pytest.mark.parametrize(("task_id", "inline"), [(None, False), ("double", True), ("nope", False)])
def test_a_job_without_one_known_task_is_our_fault(
    pipeline: Pipeline, sandbox: ScriptedSandbox, task_id: str | None, inline: bool
) -> None:
    job = job_of(task_id=task_id, inline_task=TASK if inline else None)

    report = pipeline.grade(job)

    assert isinstance(report, GradingFailed)
    assert (sandbox.exams, sandbox.analysed) == ([], [])


def test_a_wall_limit_shortens_the_exam(pipeline: Pipeline, sandbox: ScriptedSandbox) -> None:
    pipeline.grade(job_of(wall_limit_s=0.5))

    assert sandbox.exams[0].limits == replace(DEFAULT_LIMITS, test_wall_s=0.5, exam_wall_s=0.5)


def test_the_same_source_is_analysed_once(pipeline: Pipeline, sandbox: ScriptedSandbox) -> None:
    first = graded(pipeline.grade(job_of(scope="analysis")))
    second = graded(pipeline.grade(job_of()))
    pipeline.grade(job_of(WRONG))

    assert sandbox.analysed == [RIGHT, WRONG]
    assert first.grade.analysis == second.grade.analysis


def test_only_so_many_analyses_are_kept(sandbox: ScriptedSandbox) -> None:
    with pipeline_on(sandbox, sources_kept=1) as pipeline:
        for source in (RIGHT, WRONG, RIGHT):
            pipeline.grade(job_of(source, scope="analysis"))

    assert sandbox.analysed == [RIGHT, WRONG, RIGHT]


def test_an_unknown_source_is_analysed_beside_the_exam() -> None:
    examining, analysing = threading.Event(), threading.Event()

    def examine_once_analysed(exam: Exam) -> ExamReport:
        examining.set()
        waited(analysing)
        return examine(exam)

    def analyse_once_examined(source: str) -> Analysis:
        analysing.set()
        waited(examining)
        return analyse(source)

    sandbox = ScriptedSandbox(examine=examine_once_analysed, analyse=analyse_once_examined)
    with pipeline_on(sandbox) as pipeline:
        report = pipeline.grade(job_of())

    assert graded(report).grade.passed


def test_nothing_runs_beside_an_exam_that_measures_time() -> None:
    order = []

    def examine_in_turn(exam: Exam) -> ExamReport:
        order.append("exam")
        return examine(exam)

    def analyse_in_turn(source: str) -> Analysis:
        order.append("analysis")
        return analyse(source)

    sandbox = ScriptedSandbox(examine=examine_in_turn, analyse=analyse_in_turn)
    with pipeline_on(sandbox) as pipeline:
        report = graded(pipeline.grade(job_of(task_id="timed")))

    assert order == ["analysis", "exam"]
    assert report.grade.runtime == 1.0


@pytest.mark.parametrize("scope", ["public", "full"])
def test_an_exam_that_could_not_run_is_our_fault(scope: str) -> None:
    fault = SandboxUnavailable("the fork server is gone")
    sandbox = ScriptedSandbox(examine=replaying([fault]), analyse=analyse)

    with pipeline_on(sandbox) as pipeline:
        report = pipeline.grade(job_of(scope="full" if scope == "full" else "public"))

    assert report == GradingFailed(job_id="j1", reason="the fork server is gone")


@pytest.mark.parametrize("scope", ["analysis", "public", "full"])
def test_an_analysis_that_could_not_run_is_our_fault_and_not_remembered(scope: str) -> None:
    faults = [SandboxUnavailable("no linter")]

    def analyse_later(source: str) -> Analysis:
        if faults:
            raise faults.pop()
        return analyse(source)

    sandbox = ScriptedSandbox(examine=examine, analyse=analyse_later)
    job = job_of(scope="analysis" if scope == "analysis" else "full")
    with pipeline_on(sandbox) as pipeline:
        first, second = pipeline.grade(job), pipeline.grade(job)

    assert first == GradingFailed(job_id="j1", reason="no linter")
    assert isinstance(second, Graded)


BROKEN_TESTS = replace(examine(Exam(source="", entry_points=())), collection_error="line 3: secret")


def test_broken_tests_of_an_inline_task_are_explained() -> None:
    sandbox = ScriptedSandbox(examine=replaying([BROKEN_TESTS]))

    with pipeline_on(sandbox) as pipeline:
        report = pipeline.grade(job_of(task_id=None, inline_task=TASK))

    assert report == TestsBroken(job_id="j1", reason="line 3: secret")


def test_broken_tests_of_the_catalogue_are_not_quoted() -> None:
    sandbox = ScriptedSandbox(examine=replaying([BROKEN_TESTS]))

    with pipeline_on(sandbox) as pipeline:
        report = pipeline.grade(job_of())

    assert isinstance(report, TestsBroken)
    assert "secret" not in report.reason
    assert "python -m worker audit --task double" in report.reason


def test_phases_say_where_the_time_went(sandbox: ScriptedSandbox) -> None:
    ticks = iter([10.0, 13.0, 13.5])

    with pipeline_on(sandbox, clock=lambda: next(ticks)) as pipeline:
        report = graded(pipeline.grade(job_of()))

    assert report.phases == Phases(queue_s=0.0, sandbox_s=3.0, judge_s=0.5)


def test_the_same_job_twice_gives_the_same_answer(pipeline: Pipeline) -> None:
    assert pipeline.grade(job_of(WRONG)) == pipeline.grade(job_of(WRONG))


def test_a_source_is_timed_once_and_graded_the_same_again(
    sandbox: ScriptedSandbox, pipeline: Pipeline
) -> None:
    reports = [pipeline.grade(job_of(task_id="timed", scope=scope)) for scope in ("public", "full")]

    assert [exam.workload is not None for exam in sandbox.exams] == [True, False]
    assert [graded(report).grade.runtime for report in reports] == [1.0, 1.0]


def test_a_timing_under_a_shortened_limit_is_not_used_under_the_full_one(
    sandbox: ScriptedSandbox, pipeline: Pipeline
) -> None:
    pipeline.grade(job_of(task_id="timed", wall_limit_s=0.5))

    pipeline.grade(job_of(task_id="timed"))

    assert [exam.workload is not None for exam in sandbox.exams] == [True, True]
