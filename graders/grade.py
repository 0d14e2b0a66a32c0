"""What a grade is: everything that is known of one state of a submission."""

from typing import Literal

from msgspec import Struct

from sandbox.exam import Analysis, TestRecord
from sandbox.outcome import Outcome, Usage


class TestCount(Struct, frozen=True):
    """How many of how many tests passed."""

    __test__ = False

    passed: int
    total: int


class Grade(Struct, frozen=True, kw_only=True):
    """A submission's state, judged.

    `hidden` is None when hidden tests did not run; `runtime` is None when the kind has none or
    public tests failed; every share lies in [0, 1]. `visible_tests` are public tests only.
    """

    scope: Literal["analysis", "public", "full"]
    analysis: Analysis
    public: TestCount | None
    hidden: TestCount | None
    visible_tests: tuple[TestRecord, ...]
    quality: float
    runtime: float | None
    runtime_ratio: float | None
    components: dict[str, float]
    """What each part added to `score`: public, hidden, quality, runtime."""
    score: float
    passed: bool
    """Every test that ran passed, and an optimization reached its bar."""
    outcome: Outcome
    usage: Usage
    load_error: str = ""
    """Why the submission could not be imported though it compiles, one line."""
