"""The analyst measures any text without running it."""

import ast
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.guest.analyst import analyse

NOTHING = {"complexity": 0, "loop_depth": 0, "function_count": 0}


def measures(source: str) -> tuple[int, int, int]:
    """Return complexity, loop depth and function count of a source that compiles."""
    found = analyse(dedent(source))
    assert found["syntax_problem"] is None
    return found["complexity"], found["loop_depth"], found["function_count"]


def test_a_plain_function_is_measured_whole() -> None:
    source = "def f(x):\n    if x:\n        return 1\n    return 2\n"

    assert analyse(source) == {
        "syntax_problem": None,
        "complexity": 2,
        "loop_depth": 0,
        "function_count": 1,
        "line_count": 4,
    }


@pytest.mark.parametrize(
    ("body", "complexity"),
    [
        ("pass", 1),
        ("if a: pass", 2),
        ("if a: pass\nelse: pass", 2),
        ("if a: pass\nelif b: pass\nelse: pass", 3),
        ("for x in y: pass\nelse: pass", 2),
        ("while a: pass", 2),
        ("try: pass\nexcept A: pass\nexcept B: pass\nelse: pass\nfinally: pass", 3),
        ("with a, b: pass", 1),
        ("return a and b and c or d", 4),
        ("return a if b else c", 2),
        ("return [x for x in y if x if y]", 4),
        ("return {x: z for x in y for z in x}", 3),
        ("return any(x for x in y)", 2),
        ("assert a", 1),
        ("match a:\n    case 1: pass\n    case [x] if x: pass\n    case _: pass", 3),
        ("match a:\n    case x if x: pass\n    case other: pass", 2),
        ("return lambda: a or b", 2),
    ],
)
def test_complexity_counts_branches(body: str, complexity: int) -> None:
    lines = "".join(f"    {line}\n" for line in body.splitlines())

    assert analyse(f"def f(a, b, c, d, y):\n{lines}")["complexity"] == complexity


def test_complexity_is_the_highest_of_any_function() -> None:
    source = """
        def simple():
            def inner():
                if a:
                    pass
                if b:
                    pass
            return inner

        class C:
            def method(self):
                return 1 if self else 2
    """

    assert measures(source) == (3, 0, 3)


def test_code_outside_functions_counts_as_one() -> None:
    assert measures("if a:\n    pass\nif b:\n    pass\n") == (3, 0, 0)


@pytest.mark.parametrize(
    ("source", "loop_depth"),
    [
        ("x = 1", 0),
        ("for x in y: pass", 1),
        ("for x in y:\n    while x:\n        pass", 2),
        ("for x in y: pass\nfor x in y: pass", 1),
        ("for x in y:\n    if x:\n        for z in x: pass\nelse:\n    pass", 2),
        ("for x in y: pass\nelse:\n    for x in y: pass", 1),
        ("z = [x for x in y]", 1),
        ("z = [w for x in y for w in x]", 2),
        ("z = [[w for w in x] for x in y]", 2),
        ("z = [x for x in [w for w in y]]", 1),
        ("z = [x for x in y if any(w for w in x)]", 2),
        ("for x in [w for w in y]: pass", 1),
        ("for x in y:\n    z = sum(w for w in x)", 2),
        ("while any(x for x in y): pass", 2),
        ("for x in y:\n    def f():\n        for z in x: pass", 1),
        ("for x in y:\n    f = lambda: [z for z in x]", 1),
        ("async def f():\n    async for x in y:\n        z = [w async for w in x]", 2),
        ("z = {a: [b for b in a] for a in y}", 2),
    ],
)
def test_loops_inside_each_other_are_counted(source: str, loop_depth: int) -> None:
    assert analyse(source)["loop_depth"] == loop_depth


@pytest.mark.parametrize(
    ("source", "message", "place", "text"),
    [
        ("x = 1\ndef f(:\n    pass\n", "invalid syntax", (2, 7), "def f(:"),
        ("def f()\n    pass\n", "expected ':'", (1, 8), "def f()"),
        ("x = (1,\n", "'(' was never closed", (1, 5), "x = (1,"),
        ("if x:\ny = 1\n", "expected an indented block", (2, 1), "y = 1"),
        ("é = 1; def = 2\n", "invalid syntax", (1, 8), "é = 1; def = 2"),
        ("ééé = 1; return 5\n", "'return' outside function", (1, 10), "ééé = 1; return 5"),
        ("x = 1\r\nbreak\r\n", "'break' outside loop", (2, 1), "break"),
        ("x = 1\rbreak", "'break' outside loop", (2, 1), "break"),
        ("x = '\f'\n\x0b\nyield\n", "invalid non-printable character U+000B", (2, 1), "\x0b"),
        ("a = 1\n  b = '\0'\n", "null bytes", (2, 8), "  b = '\0'"),
        ("a = 1\nb = '\ud800'\n", "U+D800 is a lone surrogate", (2, 6), "b = '\ud800'"),
        ("x = " + "(" * 300, "too many nested parentheses", (1, 205), "x = " + "(" * 300),
        ("x = " + "-" * 50_000 + "1", "too deeply nested", (1, 1), "x = " + "-" * 396 + "…"),
        ("x" + ".a" * 40_000, "too deeply nested", (1, 1), ("x" + ".a" * 200)[:400] + "…"),
        ("x = " + "9" * 5000, "Exceeds the limit", (1, 1), "x = " + "9" * 396 + "…"),
        ("from __future__ import braces", "not a chance", (1, 1), "from __future__ import braces"),
    ],
)
def test_a_problem_is_told_with_line_column_and_text(
    source: str, message: str, place: tuple[int, int], text: str
) -> None:
    found = analyse(source)

    problem = found.pop("syntax_problem")
    assert message in problem["message"]
    assert (problem["line"], problem["column"]) == place
    assert problem["text"] == text
    assert {key: found[key] for key in NOTHING} == NOTHING


@pytest.mark.parametrize(
    ("source", "line_count"),
    [("", 0), ("x", 1), ("x\n", 1), ("x\n\n", 2), ("x\r\ny\rz", 3), ("'\\\u2028'", 1)],
)
def test_lines_are_counted_as_python_counts_them(source: str, line_count: int) -> None:
    assert analyse(source)["line_count"] == line_count


def test_an_empty_source_has_nothing_to_measure() -> None:
    assert analyse("# a comment\n") == {"syntax_problem": None, **NOTHING, "line_count": 1}


def test_nothing_is_run_and_warnings_stay_silent(capfd: pytest.CaptureFixture[str]) -> None:
    source = "print('run')\nimport nothing_of_this_name\nassert ('\\d' is 5, 'x')\n1 / 0\n"

    assert analyse(source)["syntax_problem"] is None
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("count", [1000, 2000])
def test_code_as_deep_as_python_compiles_is_measured(count: int) -> None:
    source = "if a: pass\n" + "elif b: pass\n" * (count - 1) + "else: pass\n"
    compile(source, "a.py", "exec")

    assert measures(source)[0] == count + 1


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "source",
    [
        "x = [" + "a," * 51_000 + "]",
        "x" + " = x" * 25_000,
        "x = " + " and ".join(["a"] * 17_000),
        "x = " + "1 < " * 25_000 + "1",
        ";".join(["pass"] * 20_000),
        "@a\n" * 34_000 + "def f(): pass",
        "match x:\n case " + "1|" * 51_000 + "1: pass",
        "def f(): pass\n" * 7_300,
        "x = f'" + "{1}" * 34_000 + "'",
        "x = 2 ** 9 ** 9 ** 9",
        "x = 'a' * 10 ** 9",
        "\n" * 102_400,
        "(" * 102_400,
        "'" * 102_400,
        "\\\n" * 51_200,
    ],
)
def test_the_largest_sources_are_analysed(source: str) -> None:
    found = analyse(source)

    assert found["line_count"] >= 1


def reference_complexity(source: str) -> int:
    """Count branches of a single function, all at once."""
    total = 1
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.If | ast.IfExp | ast.For | ast.While | ast.ExceptHandler):
            total += 1
        elif isinstance(node, ast.BoolOp):
            total += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            total += 1 + len(node.ifs)
    return total


def blocks(inner: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    """Wrap lines of code in statements."""
    heads = st.sampled_from(
        ["if a and b:", "for x in y:", "while a or b or c:", "with a:", "if [x for x in y if x]:"]
    )
    return st.tuples(heads, inner).map(lambda two: [two[0], *(f"    {line}" for line in two[1])])


BODIES = st.recursive(
    st.just(["pass"]) | st.just(["x = a if b else c"]),
    lambda inner: blocks(inner) | st.tuples(inner, inner).map(lambda two: [*two[0], *two[1]]),
    max_leaves=10,
)


@given(BODIES)
def test_complexity_agrees_with_a_plain_count(lines: list[str]) -> None:
    source = "def f():\n" + "".join(f"    {line}\n" for line in lines)

    assert analyse(source)["complexity"] == reference_complexity(source)


@given(st.text() | st.text("()[]{}:'\"\\\n\t =+-*@#abif0\0\ud800\f\r", max_size=60))
def test_any_text_gets_an_answer(source: str) -> None:
    found: dict[str, Any] = analyse(source)

    assert found.keys() == {"syntax_problem", *NOTHING, "line_count"}
    problem = found["syntax_problem"]
    if problem is not None:
        assert problem["message"]
        assert 1 <= problem["line"] <= source.count("\n") + source.count("\r") + 1
        assert problem["column"] >= 1
        assert problem["text"] in source
