"""How well a source is written, from linter findings and simple measures of its own shape.

Nothing is compared with a reference: a good solution that looks like no other loses nothing.
"""

import re
from typing import Final

from graders.grade import Grade
from sandbox.exam import Analysis, Finding
from sandbox.outcome import Finished, Usage

FINDINGS_SHARE: Final = 0.6
COMPLEXITY_SHARE: Final = 0.2
LOOPS_SHARE: Final = 0.1
LENGTH_SHARE: Final = 0.1

FREE_COMPLEXITY: Final = 10
"""Source: T. McCabe, A Complexity Measure, IEEE TSE 2(4), 1976: 10 is a reasonable upper limit."""
FREE_LOOP_DEPTH: Final = 2
FREE_LINES_PER_FUNCTION: Final = 50
HALVING_WEIGHT: Final = 4.0
"""Findings of this weight together halve their share."""

ERROR_WEIGHT: Final = 1.0
SMELL_WEIGHT: Final = 0.5
STYLE_WEIGHT: Final = 0.25
WEIGHT_OF_CLASS: Final = {
    "F": ERROR_WEIGHT,
    "PLE": ERROR_WEIGHT,
    "B": ERROR_WEIGHT,
    "BLE": ERROR_WEIGHT,
    "S": ERROR_WEIGHT,
    "E": STYLE_WEIGHT,
    "W": STYLE_WEIGHT,
    "I": STYLE_WEIGHT,
    "N": STYLE_WEIGHT,
    "D": STYLE_WEIGHT,
    "Q": STYLE_WEIGHT,
    "COM": STYLE_WEIGHT,
}
"""Weight of a finding by the letters of its rule; rules of other letters are smells."""

_CLASS: Final = re.compile(r"^[A-Z]+")


def quality_of(analysis: Analysis) -> float:
    """Return the quality in [0, 1]; 0 for a source that does not compile.

    One finding less, less complexity, flatter loops or shorter functions never lower it.
    """
    if analysis.syntax_problem is not None:
        return 0.0
    lines_per_function = analysis.line_count / max(1, analysis.function_count)
    return min(
        1.0,
        FINDINGS_SHARE * _findings_quality(analysis.findings)
        + COMPLEXITY_SHARE * _at_most(FREE_COMPLEXITY, analysis.complexity)
        + LOOPS_SHARE * _at_most(FREE_LOOP_DEPTH, analysis.loop_depth)
        + LENGTH_SHARE * _at_most(FREE_LINES_PER_FUNCTION, lines_per_function),
    )


def analysis_grade(analysis: Analysis) -> Grade:
    """Return the grade of a source of which nothing ran: its quality is all its score."""
    quality = quality_of(analysis)
    return Grade(
        scope="analysis",
        analysis=analysis,
        public=None,
        hidden=None,
        visible_tests=(),
        quality=quality,
        runtime=None,
        runtime_ratio=None,
        components={"quality": quality},
        score=quality,
        passed=False,
        outcome=Finished(),
        usage=Usage(),
    )


def _findings_quality(findings: tuple[Finding, ...]) -> float:
    weight = sum(_weight(finding.code) for finding in findings)
    return HALVING_WEIGHT / (HALVING_WEIGHT + weight)


def _weight(code: str) -> float:
    letters = _CLASS.match(code)
    return WEIGHT_OF_CLASS.get(letters[0], SMELL_WEIGHT) if letters else SMELL_WEIGHT


def _at_most(free: float, measured: float) -> float:
    return 1.0 if measured <= free else free / measured
