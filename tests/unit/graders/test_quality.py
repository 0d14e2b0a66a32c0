import pytest
from msgspec.structs import replace

from graders.quality import quality_of
from sandbox.exam import Analysis, Finding, SyntaxProblem

CLEAN = Analysis(complexity=3, loop_depth=1, function_count=1, line_count=12)


def with_findings(*codes: str) -> Analysis:
    findings = tuple(Finding(code=code, line=1, column=1, message="") for code in codes)
    return replace(CLEAN, findings=findings)


def test_a_clean_source_has_full_quality() -> None:
    assert quality_of(CLEAN) == 1.0


def test_a_source_that_does_not_compile_has_none() -> None:
    problem = SyntaxProblem(message="bad", line=1, column=1, text="")

    assert quality_of(replace(CLEAN, syntax_problem=problem)) == 0.0


@pytest.mark.parametrize(
    ("codes", "quality"),
    [
        (["F401"], 0.4 + 0.6 * 4 / 5),
        (["B006"], 0.4 + 0.6 * 4 / 5),
        (["PLE0101"], 0.4 + 0.6 * 4 / 5),
        (["SIM102"], 0.4 + 0.6 * 4 / 4.5),
        (["PLR0911"], 0.4 + 0.6 * 4 / 4.5),
        (["E501"], 0.4 + 0.6 * 4 / 4.25),
        (["invalid-syntax"], 0.4 + 0.6 * 4 / 4.5),
        (["F401", "F841", "SIM102", "SIM103", "B007"], 0.4 + 0.6 / 2),
    ],
)
def test_findings_cost_by_their_class(codes: list[str], quality: float) -> None:
    assert quality_of(with_findings(*codes)) == pytest.approx(quality)


@pytest.mark.parametrize(
    ("measures", "quality"),
    [
        ({"complexity": 10}, 1.0),
        ({"complexity": 20}, 0.9),
        ({"loop_depth": 2}, 1.0),
        ({"loop_depth": 4}, 0.95),
        ({"line_count": 50}, 1.0),
        ({"line_count": 100}, 0.95),
        ({"line_count": 100, "function_count": 2}, 1.0),
        ({"line_count": 100, "function_count": 0}, 0.95),
    ],
)
def test_measures_cost_beyond_what_is_free(measures: dict[str, int], quality: float) -> None:
    assert quality_of(replace(CLEAN, **measures)) == pytest.approx(quality)
