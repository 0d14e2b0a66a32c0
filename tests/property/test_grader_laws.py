"""Laws every grade keeps, whatever the task and however the exam went."""

from random import Random
from typing import Literal

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from graders.grade import Grade
from graders.optimization import runtime_of
from graders.quality import analysis_grade, quality_of
from graders.registry import GRADERS
from sandbox.exam import Analysis, ExamReport, LoadError, SyntaxProblem, TestRecord, Timing
from sandbox.outcome import ProtocolViolation
from tasks.task import Task, TaskKind
from tests.property.grade_strategies import (
    analyses,
    findings,
    problems,
    reports,
    tasks,
    timings,
)

Scope = Literal["public", "full"]
scopes: st.SearchStrategy[Scope] = st.sampled_from(["public", "full"])
laws = settings(max_examples=200, deadline=None)
ROUNDING = 1e-9
MARK = "hidden-test-text"


def judged(task: Task, scope: Scope, analysis: Analysis, report: ExamReport) -> Grade:
    if scope == "public":
        report = replace(report, tests=tuple(r for r in report.tests if not r.hidden))
    return GRADERS[task.kind].judge(task, scope=scope, analysis=analysis, report=report)


def flipped(report: ExamReport, number: int) -> ExamReport:
    records = list(report.tests)
    records[number] = replace(records[number], passed=True)
    return replace(report, tests=tuple(records))


@laws
@given(tasks(), scopes, analyses, reports)
def test_every_share_lies_between_0_and_1(
    task: Task, scope: Scope, analysis: Analysis, report: ExamReport
) -> None:
    grade = judged(task, scope, analysis, report)

    runtime = 0.0 if grade.runtime is None else grade.runtime
    for share in (grade.score, grade.quality, runtime, *grade.components.values()):
        assert 0 <= share <= 1


@laws
@given(tasks(), scopes, analyses, reports)
def test_the_components_add_up_to_the_score(
    task: Task, scope: Scope, analysis: Analysis, report: ExamReport
) -> None:
    grade = judged(task, scope, analysis, report)

    assert grade.score == pytest.approx(sum(grade.components.values()), abs=ROUNDING)


@laws
@given(tasks(), scopes, analyses, reports, st.data())
def test_one_more_test_passed_never_lowers_the_score(
    task: Task, scope: Scope, analysis: Analysis, report: ExamReport, data: st.DataObject
) -> None:
    assume(report.tests)
    number = data.draw(st.integers(0, len(report.tests) - 1))

    before = judged(task, scope, analysis, report)
    after = judged(task, scope, analysis, flipped(report, number))

    assert after.score >= before.score - ROUNDING
    assert after.passed >= before.passed


@laws
@given(tasks(), scopes, analyses, reports, findings)
def test_one_finding_more_never_raises_the_score(
    task: Task, scope: Scope, analysis: Analysis, report: ExamReport, finding: msgspec.Struct
) -> None:
    worse = replace(analysis, findings=(*analysis.findings, finding))

    assert judged(task, scope, worse, report).score <= judged(task, scope, analysis, report).score


@laws
@given(analyses, st.sampled_from(["complexity", "loop_depth", "line_count"]), st.integers(1, 50))
def test_more_complexity_deeper_loops_or_more_lines_never_raise_quality(
    analysis: Analysis, measure: str, more: int
) -> None:
    worse = replace(analysis, **{measure: getattr(analysis, measure) + more})

    assert quality_of(worse) <= quality_of(analysis)


@laws
@given(tasks(), scopes, analyses, reports, problems)
def test_a_syntax_problem_never_raises_the_score(
    task: Task, scope: Scope, analysis: Analysis, report: ExamReport, problem: SyntaxProblem
) -> None:
    broken = replace(analysis, syntax_problem=problem)

    assert judged(task, scope, broken, report).score <= judged(task, scope, analysis, report).score


@laws
@given(tasks(), scopes, analyses, reports)
def test_what_did_not_load_has_passed_no_test_of_all_that_were_planned(
    task: Task, scope: Scope, analysis: Analysis, report: ExamReport
) -> None:
    failed = replace(report, load_error=LoadError(type="NameError", message="x"))

    grade = judged(task, scope, analysis, failed)

    loaded = judged(task, scope, analysis, report)
    for count, planned in ((grade.public, loaded.public), (grade.hidden, loaded.hidden)):
        assert (count is None) == (planned is None)
        if count is not None and planned is not None:
            assert (count.passed, count.total) == (0, planned.total)
    assert not any(record.passed for record in grade.visible_tests)
    assert (grade.score, grade.passed, grade.runtime) == (0, False, None)


@laws
@given(tasks(), scopes, analyses, reports, st.randoms(use_true_random=False))
def test_the_order_of_tests_does_not_matter(
    task: Task, scope: Scope, analysis: Analysis, report: ExamReport, random: Random
) -> None:
    shuffled = list(report.tests)
    random.shuffle(shuffled)

    one = judged(task, scope, analysis, report)
    other = judged(task, scope, analysis, replace(report, tests=tuple(shuffled)))

    assert replace(one, visible_tests=()) == replace(other, visible_tests=())


timed_tasks = tasks(kinds=(TaskKind.OPTIMIZATION,)).filter(lambda task: bool(task.workload))


@laws
@given(timed_tasks, analyses, reports, timings, st.floats(0.1, 1))
def test_a_faster_submission_never_scores_less(
    task: Task, analysis: Analysis, report: ExamReport, timing: Timing, share: float
) -> None:
    slow = replace(report, timing=timing)
    fast = replace(report, timing=replace(timing, ratio=timing.ratio * share))
    scope: Scope = "full"

    assert judged(task, scope, analysis, fast).score >= judged(task, scope, analysis, slow).score


@laws
@given(timed_tasks, scopes, analyses, reports, timings)
def test_being_timed_never_scores_less_than_not_being_timed(
    task: Task, scope: Scope, analysis: Analysis, report: ExamReport, timing: Timing
) -> None:
    timed = judged(task, scope, analysis, replace(report, timing=timing))
    untimed = judged(task, scope, analysis, replace(report, timing=None))

    assert timed.score >= untimed.score


@laws
@given(timings, st.floats(1.001, 1000))
def test_the_runtime_share_is_1_at_the_reference_and_0_at_the_starter(
    timing: Timing, cost_ratio: float
) -> None:
    agreeing = replace(timing, outputs_agree=True)

    assert runtime_of(replace(agreeing, ratio=1.0), cost_ratio=cost_ratio).share == 1
    assert runtime_of(replace(agreeing, ratio=cost_ratio), cost_ratio=cost_ratio).share == (
        pytest.approx(0, abs=ROUNDING)
    )
    assert runtime_of(replace(timing, outputs_agree=False), cost_ratio=cost_ratio).share == 0


def marked(record: TestRecord) -> TestRecord:
    texts = dict.fromkeys(("name", "message", "call", "expected", "actual", "output"), MARK)
    return replace(record, outcome=ProtocolViolation(reason=MARK), **texts)


@laws
@given(tasks(), analyses, reports, st.booleans())
def test_no_text_of_a_hidden_test_is_in_a_grade(
    task: Task, analysis: Analysis, report: ExamReport, whole_exam: bool
) -> None:
    tests = tuple(marked(record) if record.hidden else record for record in report.tests)
    outcome = report.outcome
    if whole_exam and any(record.hidden for record in tests):
        outcome = ProtocolViolation(reason=MARK)

    grade = judged(task, "full", analysis, replace(report, tests=tests, outcome=outcome))

    assert MARK not in msgspec.json.encode(grade).decode()


@laws
@given(tasks(), scopes, analyses, reports, st.text(max_size=8))
def test_a_grade_does_not_depend_on_reference_or_starter(
    task: Task, scope: Scope, analysis: Analysis, report: ExamReport, text: str
) -> None:
    other = replace(task, reference=text, starter=text, instruction=text)

    assert judged(task, scope, analysis, report) == judged(other, scope, analysis, report)


@laws
@given(tasks(), scopes, analyses, reports)
def test_a_grade_survives_the_queue(
    task: Task, scope: Scope, analysis: Analysis, report: ExamReport
) -> None:
    grade = judged(task, scope, analysis, report)

    assert msgspec.json.decode(msgspec.json.encode(grade), type=Grade) == grade


@laws
@given(analyses)
def test_an_analysis_is_graded_by_quality_alone(analysis: Analysis) -> None:
    grade = analysis_grade(analysis)

    assert grade.score == grade.quality == quality_of(analysis)
    assert (grade.public, grade.hidden, grade.passed) == (None, None, False)
    if analysis.syntax_problem is not None:
        assert grade.score == 0
