import pytest

from sandbox.exam import Analysis, Exam, ExamReport
from sandbox.outcome import Finished, SandboxUnavailable, Usage
from sandbox.scripted import ScriptedSandbox, replaying

EXAM = Exam(source="x = 1", entry_points=())
REPORT = ExamReport(tests=(), outcome=Finished(), usage=Usage())
OTHER = ExamReport(tests=(), outcome=Finished(), usage=Usage(wall_s=1.0))


def test_prepared_reports_come_in_order_and_end() -> None:
    sandbox = ScriptedSandbox(examine=replaying([REPORT, OTHER]))

    assert [sandbox.run(EXAM), sandbox.run(EXAM)] == [REPORT, OTHER]
    with pytest.raises(SandboxUnavailable, match="no prepared report is left"):
        sandbox.run(EXAM)
    assert sandbox.exams == [EXAM] * 3


def test_a_prepared_fault_is_raised() -> None:
    sandbox = ScriptedSandbox(examine=replaying([SandboxUnavailable("out of guests"), REPORT]))

    with pytest.raises(SandboxUnavailable, match="out of guests"):
        sandbox.run(EXAM)
    assert sandbox.run(EXAM) == REPORT


def test_analyses_are_made_by_the_given_function() -> None:
    sandbox = ScriptedSandbox(analyse=lambda source: Analysis(line_count=len(source)))

    assert sandbox.analyse("abc") == Analysis(line_count=3)
    assert sandbox.analysed == ["abc"]


def test_a_closed_sandbox_is_unavailable() -> None:
    sandbox = ScriptedSandbox(examine=replaying([REPORT]))

    sandbox.close()

    with pytest.raises(SandboxUnavailable, match="closed"):
        sandbox.run(EXAM)
    with pytest.raises(SandboxUnavailable, match="closed"):
        sandbox.analyse("")


def test_it_says_that_it_is_scripted() -> None:
    health = ScriptedSandbox(layers=("one", "two")).health()

    assert (health.backend, health.layers, health.missing) == ("scripted", ("one", "two"), {})
