"""What the agent may see of a task and a grade. Pure.

Nothing here reads hidden tests or the reference; of hidden tests a grade knows only how many
passed, and so does the agent.
"""

from typing import Any, Final

from gateway.episode import Episode, Shown
from gateway.public_tests import public_tests_of
from gateway.wire import (
    ActionStatus,
    ActionType,
    CodeAnalysis,
    LintFinding,
    ObservationFields,
    RewardDetails,
    SyntaxFault,
    VisibleTest,
)
from graders.grade import Grade
from sandbox.exam import Analysis, TestRecord
from sandbox.outcome import (
    Crashed,
    ExitedEarly,
    Finished,
    MemoryExceeded,
    Outcome,
    OutputExceeded,
    ProtocolViolation,
    TimedOut,
)
from tasks.task import Task

TEXT_CHARS: Final = 2000
"""Longest single text of one test, characters."""
TESTS_SHOWN_IN_FULL: Final = 10
"""How many failed tests the text tells about in full; all are in `visible_tests`."""
FINDINGS_SHOWN: Final = 40


def observation_of(
    task: Task,
    episode: Episode,
    *,
    status: ActionStatus,
    error: str | None,
    details: RewardDetails,
    metadata: dict[str, Any],
) -> ObservationFields:
    """Return what the agent sees after a reset or a step."""
    shown = episode.shown
    return ObservationFields(
        task_id=task.id,
        title=task.title,
        difficulty=task.difficulty.value,
        task_kind=task.kind.value,
        task_description=task.instruction,
        current_code=episode.current_code,
        errors=shown.errors,
        test_results=shown.test_results,
        visible_tests=public_tests_of(task.test_public) if shown.tests is None else shown.tests,
        public_tests=task.test_public,
        analysis=shown.analysis,
        history=episode.history,
        attempts_remaining=episode.max_steps - episode.step_count,
        last_action_status=status,
        last_action_error=error,
        score=episode.potential.score,
        reward_details=details,
        submitted=episode.submitted,
        success=episode.success,
        metadata=metadata,
    )


def shown_after(earlier: Shown, action_type: ActionType, grade: Grade) -> Shown:
    """Return what the agent has been shown once this grade has come."""
    if action_type == "analyze_code":
        return Shown(
            errors=_joined(_errors(grade), _findings(grade.analysis)),
            test_results=earlier.test_results,
            tests=earlier.tests,
            analysis=_analysis(grade.analysis),
        )
    return Shown(
        errors=_errors(grade),
        test_results=_test_results(grade),
        tests=visible_tests(grade),
    )


def visible_tests(grade: Grade) -> tuple[VisibleTest, ...]:
    """Return the public tests of a grade, one by one."""
    return tuple(_visible(record) for record in grade.visible_tests if not record.hidden)


def in_words(outcome: Outcome) -> str:
    """Say what happened to a program; nothing when it ran to its end."""
    match outcome:
        case Finished():
            words = ""
        case Crashed(signal=signal):
            words = f"crashed with signal {signal}"
        case ExitedEarly(status=status):
            words = f"exited with status {status} before it had answered"
        case TimedOut(clock=clock):
            words = f"ran out of {clock} time"
        case MemoryExceeded():
            words = "exceeded the memory limit"
        case OutputExceeded():
            words = "printed or wrote more than the limit"
        case ProtocolViolation():
            words = "interfered with the examination"
    return words


def _visible(record: TestRecord) -> VisibleTest:
    return VisibleTest(
        name=record.name,
        status="passed" if record.passed else "failed",
        passed=record.passed,
        message=_cut(record.message),
        call=_cut(record.call),
        expected=_cut(record.expected),
        actual=_cut(record.actual),
        output=_cut(record.output),
        outcome=in_words(record.outcome),
    )


def _errors(grade: Grade) -> str:
    fault = grade.analysis.syntax_problem
    if fault is not None:
        shown = f"\n    {fault.text.strip()}" if fault.text.strip() else ""
        return (
            f"The code does not compile: {fault.message} "
            f"(line {fault.line}, column {fault.column}){shown}"
        )
    if grade.load_error:
        return f"The code can not be imported: {_cut(grade.load_error)}"
    return ""


def _findings(analysis: Analysis) -> str:
    lines = [
        f"line {finding.line}, column {finding.column}: {finding.code} {finding.message}"
        for finding in analysis.findings[:FINDINGS_SHOWN]
    ]
    left_out = len(analysis.findings) - len(lines)
    more = [f"and {left_out} more findings"] if left_out else []
    return "\n".join(["Lint findings:", *lines, *more]) if lines else ""


def _analysis(analysis: Analysis) -> CodeAnalysis:
    fault = analysis.syntax_problem
    return CodeAnalysis(
        syntax_problem=None
        if fault is None
        else SyntaxFault(
            message=fault.message, line=fault.line, column=fault.column, text=fault.text
        ),
        findings=tuple(
            LintFinding(
                code=finding.code,
                line=finding.line,
                column=finding.column,
                message=finding.message,
            )
            for finding in analysis.findings
        ),
        complexity=analysis.complexity,
        loop_depth=analysis.loop_depth,
        function_count=analysis.function_count,
        line_count=analysis.line_count,
    )


def _test_results(grade: Grade) -> str:
    lines: list[str] = []
    if grade.public is not None:
        lines.append(f"Public tests: {grade.public.passed} of {grade.public.total} passed.")
    if grade.hidden is not None:
        lines.append(f"Hidden tests: {grade.hidden.passed} of {grade.hidden.total} passed.")
    if grade.runtime is not None:
        lines.append(f"Runtime score: {grade.runtime:.2f} (1.00 is as fast as can be expected).")
    cut_short = in_words(grade.outcome)
    if cut_short:
        lines.append(f"The program {cut_short}.")
    failed = [test for test in visible_tests(grade) if not test.passed]
    lines += [f"PASSED {test.name}" for test in grade.visible_tests if test.passed]
    lines += [_failure(test) for test in failed[:TESTS_SHOWN_IN_FULL]]
    lines += [f"FAILED {test.name}" for test in failed[TESTS_SHOWN_IN_FULL:]]
    return "\n".join(lines)


def _failure(test: VisibleTest) -> str:
    told = [
        ("called", test.call),
        ("expected", test.expected),
        ("got", test.actual),
        ("because", test.message),
        ("the program", test.outcome),
        ("printed", test.output),
    ]
    lines = [f"    {name}: {_indented(words)}" for name, words in told if words]
    return "\n".join([f"FAILED {test.name}", *lines])


def _indented(words: str) -> str:
    return words.rstrip("\n").replace("\n", "\n        ")


def _joined(*paragraphs: str) -> str:
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def _cut(words: str) -> str:
    return words if len(words) <= TEXT_CHARS else words[: TEXT_CHARS - 1] + "…"
