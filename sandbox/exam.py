"""What an exam is and what comes back from it: the values both sides of the sandbox seam share."""

from typing import Literal

from msgspec import Struct

from sandbox.limits import DEFAULT_LIMITS, Limits
from sandbox.outcome import Finished, Outcome, Usage


class TestFile(Struct, frozen=True, kw_only=True):
    """One pytest-style module the examiner runs against `solution`."""

    __test__ = False

    name: str
    source: str
    hidden: bool


class Workload(Struct, frozen=True, kw_only=True):
    """How an optimization is timed: `source` defines `make_inputs(rng) -> tuple of arguments`."""

    source: str
    reference: str
    entry_point: str
    cost_ratio: float
    """Starter's cost over the reference's; timing stops early beyond it."""


class Exam(Struct, frozen=True, kw_only=True):
    """One submission and everything that decides about it.

    `test_files` run in order, public ones first. `program` submissions are run as `__main__`
    through `solution.run(stdin=..., argv=...)`.
    """

    source: str
    entry_points: tuple[str, ...]
    test_files: tuple[TestFile, ...] = ()
    exported_classes: tuple[str, ...] = ()
    program: bool = False
    workload: Workload | None = None
    limits: Limits = DEFAULT_LIMITS
    seed: int = 0


class LoadError(Struct, frozen=True, kw_only=True):
    """Why the submission could not be imported: exception type, message, 1-based line or 0."""

    type: str
    message: str
    line: int = 0
    column: int = 0
    text: str = ""


class TestRecord(Struct, frozen=True, kw_only=True):
    """What one test said. Texts of hidden tests are empty."""

    __test__ = False

    name: str
    hidden: bool
    passed: bool
    message: str = ""
    call: str = ""
    expected: str = ""
    actual: str = ""
    output: str = ""
    outcome: Outcome = Finished()
    wall_s: float = 0.0


class Timing(Struct, frozen=True, kw_only=True):
    """Costs of submission and reference on the same inputs, seconds of CPU, one pair a round."""

    ratio: float
    """Submission over reference, the figure to judge by; inf when it was cut off."""
    rounds: int
    outputs_agree: bool
    submission_s: float = 0.0
    reference_s: float = 0.0


class ExamReport(Struct, frozen=True, kw_only=True):
    """The answer to an exam: one record per planned test, in plan order.

    `collection_error` is the test author's fault: the tests themselves could not be collected.
    """

    tests: tuple[TestRecord, ...]
    outcome: Outcome
    usage: Usage
    load_error: LoadError | None = None
    timing: Timing | None = None
    collection_error: str = ""


class SyntaxProblem(Struct, frozen=True, kw_only=True):
    """Where compiling stopped: 1-based line and column, the line's text, the compiler's words."""

    message: str
    line: int
    column: int
    text: str


class Finding(Struct, frozen=True, kw_only=True):
    """One linter finding: rule code, 1-based position, message."""

    code: str
    line: int
    column: int
    message: str


class Analysis(Struct, frozen=True, kw_only=True):
    """What can be said of a source without running it."""

    syntax_problem: SyntaxProblem | None = None
    findings: tuple[Finding, ...] = ()
    complexity: int = 0
    """Highest cyclomatic complexity of any function, at least 1 where there is code."""
    loop_depth: int = 0
    """Deepest nesting of loops and comprehensions."""
    function_count: int = 0
    line_count: int = 0


class Health(Struct, frozen=True, kw_only=True):
    """Which isolation layers are in force, and why the others are not."""

    backend: Literal["process", "docker", "scripted"]
    layers: tuple[str, ...]
    missing: dict[str, str]
