"""What the agent reads of a grade."""

import pytest

from gateway.episode import Shown
from gateway.observations import (
    FINDINGS_SHOWN,
    TESTS_SHOWN_IN_FULL,
    TEXT_CHARS,
    in_words,
    shown_after,
)
from gateway.public_tests import public_tests_of
from graders.grade import Grade, TestCount
from sandbox.exam import Analysis, Finding, SyntaxProblem, TestRecord
from sandbox.outcome import (
    Crashed,
    ExitedEarly,
    Finished,
    MemoryExceeded,
    Outcome,
    OutputExceeded,
    ProtocolViolation,
    TimedOut,
    Usage,
)


def grade(**changes: object) -> Grade:
    fields: dict[str, object] = {
        "scope": "public",
        "analysis": Analysis(),
        "public": TestCount(1, 2),
        "hidden": None,
        "visible_tests": (
            TestRecord(name="test_fine", hidden=False, passed=True),
            TestRecord(
                name="test_sum",
                hidden=False,
                passed=False,
                message="assert 3 == 4",
                call="add(1, 2)",
                expected="4",
                actual="3",
                output="one\ntwo\n",
            ),
        ),
        "quality": 1.0,
        "runtime": None,
        "runtime_ratio": None,
        "components": {},
        "score": 0.5,
        "passed": False,
        "outcome": Finished(),
        "usage": Usage(),
    }
    return Grade(**{**fields, **changes})  # type: ignore[arg-type] # fields by name


def test_a_test_run_reads_as_what_was_called_expected_and_got() -> None:
    shown = shown_after(Shown(), "run_tests", grade())

    assert shown.test_results == (
        "Public tests: 1 of 2 passed.\n"
        "PASSED test_fine\n"
        "FAILED test_sum\n"
        "    called: add(1, 2)\n"
        "    expected: 4\n"
        "    got: 3\n"
        "    because: assert 3 == 4\n"
        "    printed: one\n"
        "        two"
    )
    assert shown.errors == ""
    assert [(test.name, test.status) for test in shown.tests or ()] == [
        ("test_fine", "passed"),
        ("test_sum", "failed"),
    ]


def test_a_compile_error_is_told_with_line_column_and_text() -> None:
    problem = SyntaxProblem(message="expected ':'", line=4, column=9, text="  def f()\n")

    shown = shown_after(Shown(), "edit_code", grade(analysis=Analysis(syntax_problem=problem)))

    assert shown.errors == (
        "The code does not compile: expected ':' (line 4, column 9)\n    def f()"
    )


def test_an_import_error_is_told() -> None:
    shown = shown_after(Shown(), "run_tests", grade(load_error="NameError: x (line 2)"))

    assert shown.errors == "The code can not be imported: NameError: x (line 2)"


def test_an_analysis_tells_findings_and_keeps_the_last_test_run() -> None:
    earlier = shown_after(Shown(), "run_tests", grade())
    finding = Finding(code="F841", line=3, column=5, message="unused variable")
    analysis = Analysis(findings=(finding,), complexity=4, loop_depth=2)

    shown = shown_after(earlier, "analyze_code", grade(analysis=analysis))

    assert shown.errors == "Lint findings:\nline 3, column 5: F841 unused variable"
    assert shown.test_results == earlier.test_results
    assert shown.analysis is not None
    assert (shown.analysis.complexity, shown.analysis.loop_depth) == (4, 2)
    assert shown.analysis.findings[0].code == "F841"


def test_hidden_tests_are_counted_and_nothing_else() -> None:
    secret = TestRecord(name="test_secret", hidden=True, passed=False, message="secret")

    shown = shown_after(
        Shown(),
        "submit_solution",
        grade(hidden=TestCount(3, 8), visible_tests=(secret,)),
    )

    assert "Hidden tests: 3 of 8 passed." in shown.test_results
    assert "secret" not in shown.test_results
    assert shown.tests == ()


def test_texts_are_bounded() -> None:
    long = TestRecord(name="t", hidden=False, passed=False, message="x" * 10 * TEXT_CHARS)
    findings = (Finding(code="E501", line=1, column=1, message="long"),) * (2 * FINDINGS_SHOWN)

    tested = shown_after(Shown(), "run_tests", grade(visible_tests=(long,) * 100))
    looked = shown_after(Shown(), "analyze_code", grade(analysis=Analysis(findings=findings)))

    assert len(tested.test_results) < (TESTS_SHOWN_IN_FULL + 1) * (TEXT_CHARS + 100)
    assert len(tested.tests or ()) == 100
    assert f"and {FINDINGS_SHOWN} more findings" in looked.errors


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Finished(), ""),
        (Crashed(11), "crashed with signal 11"),
        (ExitedEarly(0), "exited with status 0"),
        (TimedOut("cpu"), "ran out of cpu time"),
        (MemoryExceeded(), "memory limit"),
        (OutputExceeded(), "more than the limit"),
        (ProtocolViolation("why"), "interfered"),
    ],
)
def test_every_outcome_has_words(outcome: Outcome, words: str) -> None:
    assert words in in_words(outcome)
    assert "why" not in in_words(outcome)


def test_public_tests_are_named_before_they_have_run() -> None:
    source = (
        "import solution\n\n\n"
        "def helper(): ...\n\n\n"
        'def test_one():\n    """Says what."""\n\n\n'
        "class TestMore:\n    def test_two(self): ...\n"
    )

    tests = public_tests_of(source)

    assert [(test.name, test.status, test.passed, test.message) for test in tests] == [
        ("test_one", "not_run", False, "Says what."),
        ("TestMore::test_two", "not_run", False, ""),
    ]
