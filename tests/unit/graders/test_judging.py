import pytest
from msgspec.structs import replace

from graders.grade import Grade, TestCount
from graders.registry import GRADERS
from graders.scoring import UNSAID
from sandbox.exam import Analysis, ExamReport, LoadError, SyntaxProblem, Timing
from sandbox.outcome import ProtocolViolation, TimedOut, Usage
from tasks.task import TaskKind, Weights
from tests.unit.graders.examples import TASK, TIMED, report_of

CLEAN = Analysis(complexity=1, function_count=1, line_count=2)
BROKEN = Analysis(syntax_problem=SyntaxProblem(message="bad", line=1, column=1, text="x ="))
AS_FAST = Timing(ratio=1.0, rounds=3, outputs_agree=True)


def full(report: ExamReport, analysis: Analysis = CLEAN) -> Grade:
    return GRADERS[TaskKind.BUG_FIX].judge(TASK, scope="full", analysis=analysis, report=report)


def timed(report: ExamReport, analysis: Analysis = CLEAN) -> Grade:
    grader = GRADERS[TaskKind.OPTIMIZATION]
    return grader.judge(TIMED, scope="full", analysis=analysis, report=report)


def test_a_perfect_submission_is_graded_whole() -> None:
    report = report_of(public="++", hidden="+++")

    grade = full(report)

    assert grade == Grade(
        scope="full",
        analysis=CLEAN,
        public=TestCount(2, 2),
        hidden=TestCount(3, 3),
        visible_tests=report.tests[:2],
        quality=1.0,
        runtime=None,
        runtime_ratio=None,
        components=grade.components,
        score=grade.score,
        passed=True,
        outcome=report.outcome,
        usage=Usage(wall_s=0.25, cpu_s=0.125, peak_memory_bytes=1000),
    )
    assert grade.components == pytest.approx({"public": 2 / 7, "hidden": 4 / 7, "quality": 1 / 7})
    assert grade.score == pytest.approx(1.0)


def test_each_part_counts_by_its_weight() -> None:
    grade = full(report_of(public="+-", hidden="+---"))

    assert grade.components == pytest.approx(
        {"public": 0.2 / 0.7 / 2, "hidden": 0.4 / 0.7 / 4, "quality": 0.1 / 0.7 * 2 / 6}
    )
    assert not grade.passed


def test_quality_earns_nothing_where_nothing_works() -> None:
    grade = full(report_of(public="--", hidden="-"))

    assert (grade.quality, grade.score) == (1.0, 0.0)


def test_a_public_exam_has_no_hidden_part() -> None:
    grader = GRADERS[TaskKind.SYNTAX_FIX]

    grade = grader.judge(TASK, scope="public", analysis=CLEAN, report=report_of(public="++"))

    assert (grade.hidden, set(grade.components)) == (None, {"public", "quality"})
    assert grade.score == pytest.approx(1.0)
    assert grade.passed


@pytest.mark.parametrize("marks", [("-", "+"), ("+", "-")])
def test_one_failed_test_of_either_kind_is_no_pass(marks: tuple[str, str]) -> None:
    assert not full(report_of(public="+" + marks[0], hidden="+" + marks[1])).passed


def test_without_any_test_nothing_is_passed() -> None:
    grade = full(report_of())

    assert (grade.passed, grade.score) == (False, 0.0)


def test_what_does_not_compile_passes_nothing_and_says_so_once() -> None:
    error = LoadError(type="SyntaxError", message="bad", line=1)
    report = replace(report_of(public="++", hidden="++"), load_error=error)

    grade = full(report, BROKEN)

    assert (grade.public, grade.hidden) == (TestCount(0, 2), TestCount(0, 2))
    assert (grade.score, grade.quality, grade.load_error) == (0.0, 0.0, "")


def test_what_does_not_load_passes_nothing_and_says_why_in_one_line() -> None:
    error = LoadError(type="NameError", message="name 'x'\nis not defined", line=3)
    report = replace(report_of(public="++", hidden="++"), load_error=error)

    grade = full(report)

    assert (grade.public, grade.hidden) == (TestCount(0, 2), TestCount(0, 2))
    assert grade.load_error == "NameError: name 'x' is not defined (line 3)"


def test_weights_of_zero_score_zero() -> None:
    task = replace(TASK, weights=Weights(public=0, hidden=1, quality=0, runtime=0))

    grade = GRADERS[TaskKind.BUG_FIX].judge(
        task, scope="public", analysis=CLEAN, report=report_of(public="+")
    )

    assert (grade.score, grade.passed) == (0.0, True)


@pytest.mark.parametrize(
    ("ratio", "share"),
    [(0.5, 1.0), (1.0, 1.0), (2.0, 0.75), (4.0, 0.5), (16.0, 0.0), (400.0, 0.0)],
)
def test_running_time_counts_on_a_log_scale(ratio: float, share: float) -> None:
    timing = Timing(ratio=ratio, rounds=3, outputs_agree=True)

    grade = timed(report_of(public="+", hidden="+", timing=timing))

    assert grade.runtime == pytest.approx(share)
    assert grade.runtime_ratio == ratio
    assert grade.components["runtime"] == pytest.approx(0.3 * share)


@pytest.mark.parametrize(("ratio", "passed"), [(2.2, True), (2.4, False)])
def test_an_optimization_is_passed_at_its_bar(ratio: float, passed: bool) -> None:
    timing = Timing(ratio=ratio, rounds=3, outputs_agree=True)

    assert timed(report_of(public="+", hidden="+", timing=timing)).passed is passed


def test_a_fast_wrong_answer_earns_no_running_time() -> None:
    timing = Timing(ratio=0.1, rounds=3, outputs_agree=False)

    grade = timed(report_of(public="+", hidden="+", timing=timing))

    assert (grade.runtime, grade.runtime_ratio, grade.passed) == (0.0, 0.1, False)


def test_a_run_that_was_cut_off_has_no_ratio() -> None:
    timing = Timing(ratio=float("inf"), rounds=0, outputs_agree=True)

    grade = timed(report_of(public="+", hidden="+", timing=timing))

    assert (grade.runtime, grade.runtime_ratio) == (0.0, None)


def test_running_time_waits_for_the_public_tests() -> None:
    grade = timed(report_of(public="+-", hidden="++", timing=AS_FAST))

    assert (grade.runtime, grade.components["runtime"]) == (None, 0.0)


def test_running_time_does_not_wait_for_the_hidden_tests() -> None:
    assert timed(report_of(public="++", hidden="-+", timing=AS_FAST)).runtime == 1.0


def test_an_optimization_that_was_not_timed_is_not_passed() -> None:
    grade = timed(report_of(public="+", hidden="+"))

    assert (grade.runtime, grade.passed, grade.components["runtime"]) == (None, False, 0.0)


def test_an_optimization_without_a_workload_is_judged_by_its_tests() -> None:
    task = replace(TIMED, workload="")

    grade = GRADERS[TaskKind.OPTIMIZATION].judge(
        task, scope="full", analysis=CLEAN, report=report_of(public="+", hidden="+")
    )

    assert (grade.passed, set(grade.components)) == (True, {"public", "hidden", "quality"})


def test_hidden_records_leave_only_their_count() -> None:
    secret = ProtocolViolation(reason="secret")
    report = report_of(public="+", hidden="-")
    hidden = replace(report.tests[1], name="secret", message="secret", outcome=secret)
    report = replace(report, tests=(report.tests[0], hidden), outcome=secret)

    grade = full(report)

    assert "secret" not in repr(grade)
    assert grade.outcome == ProtocolViolation(reason=UNSAID)
    assert grade.hidden == TestCount(0, 1)


def test_the_outcome_of_an_exam_is_passed_on() -> None:
    report = replace(report_of(public="-"), outcome=TimedOut(clock="wall"))

    assert full(report).outcome == TimedOut(clock="wall")


def test_texts_that_are_no_unicode_are_escaped() -> None:
    report = report_of(public="-")
    report = replace(report, tests=(replace(report.tests[0], output="\ud800 é"),))

    assert full(report).visible_tests[0].output == "\\ud800 é"
