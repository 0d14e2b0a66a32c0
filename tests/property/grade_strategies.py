"""Strategies for everything a grader is given."""

from hypothesis import strategies as st

from sandbox.exam import (
    Analysis,
    ExamReport,
    Finding,
    LoadError,
    SyntaxProblem,
    TestRecord,
    Timing,
)
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
from tasks.task import Difficulty, Provenance, Task, TaskKind, Weights

shares = st.floats(0, 1)
texts = st.text(max_size=12)
codes = st.sampled_from(["F401", "E501", "B006", "SIM102", "C901", "PLE0100", "W291", "S101", "?"])
findings = st.builds(
    Finding, code=codes, line=st.integers(1, 99), column=st.integers(1, 80), message=texts
)
problems = st.builds(
    SyntaxProblem, message=texts, line=st.integers(1, 99), column=st.integers(1, 80), text=texts
)
analyses = st.builds(
    Analysis,
    syntax_problem=st.none() | problems,
    findings=st.lists(findings, max_size=6).map(tuple),
    complexity=st.integers(0, 60),
    loop_depth=st.integers(0, 9),
    function_count=st.integers(0, 20),
    line_count=st.integers(0, 2000),
)
outcomes: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Finished),
    st.builds(Crashed, signal=st.integers(1, 31)),
    st.builds(ExitedEarly, status=st.integers(0, 255)),
    st.builds(TimedOut, clock=st.sampled_from(["wall", "cpu"])),
    st.builds(MemoryExceeded),
    st.builds(OutputExceeded),
    st.builds(ProtocolViolation, reason=texts),
)
timings = st.builds(
    Timing,
    ratio=st.floats(0.01, 1000) | st.sampled_from([0.0, float("inf"), float("nan")]),
    rounds=st.integers(0, 50),
    outputs_agree=st.booleans(),
)
load_errors = st.builds(LoadError, type=texts, message=texts, line=st.integers(0, 99))


def records(*, hidden: bool) -> st.SearchStrategy[TestRecord]:
    """Return records of public or of hidden tests, texts and all."""
    return st.builds(
        TestRecord,
        name=texts,
        hidden=st.just(hidden),
        passed=st.booleans(),
        message=texts,
        call=texts,
        expected=texts,
        actual=texts,
        output=texts,
        outcome=outcomes,
        wall_s=st.floats(0, 2),
    )


reports = st.builds(
    lambda public, hidden, **rest: ExamReport(tests=(*public, *hidden), **rest),
    public=st.lists(records(hidden=False), max_size=5),
    hidden=st.lists(records(hidden=True), max_size=5),
    outcome=outcomes,
    usage=st.builds(Usage, wall_s=st.floats(0, 9)),
    load_error=st.none() | load_errors,
    timing=st.none() | timings,
)

weights = st.builds(Weights, public=shares, hidden=shares, quality=shares, runtime=shares)


@st.composite
def tasks(draw: st.DrawFn, kinds: tuple[TaskKind, ...] = tuple(TaskKind)) -> Task:
    """Return a task of any kind; what its texts say is no matter to a grader."""
    kind = draw(st.sampled_from(kinds))
    return Task(
        id="any",
        title="Any",
        kind=kind,
        difficulty=Difficulty.EASY,
        instruction="",
        starter="",
        reference="the reference",
        test_public=draw(st.sampled_from(["public tests", ""])),
        test_hidden=draw(st.sampled_from(["hidden tests", ""])),
        entry_points=("f",),
        workload="workload" if kind is TaskKind.OPTIMIZATION and draw(st.booleans()) else "",
        cost_ratio=draw(st.floats(1.001, 1000)),
        runtime_bar=draw(shares),
        weights=draw(weights),
        provenance=Provenance(source="own", licence="MIT"),
    )
