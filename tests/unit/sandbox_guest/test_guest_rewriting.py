"""A rewritten assert does what the plain one does, but for the words of its failure."""

import ast
import textwrap
from types import CodeType
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from sandbox.guest.testing import collection, explanation, rewriting, source_text

VALUES = st.sampled_from([0, 1, 2, 3, True, False, None, "", "a", [], [1]])


def calls(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Make larger expressions out of smaller ones."""
    pair = st.tuples(children, children)
    many = st.lists(children, min_size=2, max_size=4)
    links = st.lists(st.tuples(st.sampled_from(["==", "!=", "is", "is not"]), children), min_size=1)
    return st.one_of(
        many.map(lambda parts: "(" + " and ".join(parts) + ")"),
        many.map(lambda parts: "(" + " or ".join(parts) + ")"),
        children.map("(not {})".format),
        st.tuples(children, links).map(
            lambda chain: "(" + chain[0] + "".join(f" {op} {x}" for op, x in chain[1]) + ")"
        ),
        pair.map(lambda two: f"f({two[0]}, other={two[1]})"),
        pair.map(lambda two: f"[{two[0]}, {two[1]}]"),
        pair.map(lambda two: f"({two[0]} if {two[1]} else f(9))"),
        children.map("(n := {})".format),
        children.map("(lambda: {})()".format),
        children.map("[x for x in [{}]]".format),
        children.map("f(*[{}]).__class__".format),
        children.map("{{0: {}}}[0]".format),
    )


EXPRESSIONS = st.recursive(VALUES.map(lambda value: f"f({value!r})"), calls, max_leaves=12)


def outcome(code: CodeType, source: str) -> tuple[list[object], str, object]:
    """Run `test` and return what was called, how it ended, and what `n` was."""
    log: list[object] = []

    def f(value: object, other: object = None) -> object:
        log.append((value, other))
        return value if other is None else other

    checks = explanation.Checks(source_text.SourceText(source))
    scope: dict[str, Any] = {"f": f, rewriting.FAILED_NAME: checks.failed, "n": "unset"}
    exec(code, scope)
    try:
        scope["test"]()
    except AssertionError as error:
        ended = f"AssertionError {str(error).partition(chr(10))[0] if error.args else ''}"
    except Exception as error:  # noqa: BLE001 - any error must be the same error
        ended = type(error).__name__
    else:
        ended = "passed"
    return log, ended, scope["n"]


def both_outcomes(source: str) -> tuple[object, object]:
    """Run a source plain and rewritten, unless it puts `:=` where Python forbids it."""
    try:
        plain = compile(source, "plain.py", "exec")
    except SyntaxError:
        reject()
    rewritten = collection.compiled("plain.py", source, hidden=False)
    return outcome(plain, source), outcome(rewritten, source)


@given(EXPRESSIONS)
def test_every_part_is_evaluated_as_often_and_in_the_same_order(expression: str) -> None:
    source = f"def test():\n    global n\n    assert {expression}, f('why')\n    f('after')\n"

    plain, rewritten = both_outcomes(source)

    assert rewritten == plain


@given(st.lists(EXPRESSIONS, min_size=2, max_size=3))
def test_asserts_in_a_row_do_not_disturb_each_other(expressions: list[str]) -> None:
    lines = [f"        assert {expression}, f({i})" for i, expression in enumerate(expressions)]
    loop = "    for _ in range(2):\n"
    source = "def test():\n    global n\n" + loop + "\n".join(lines) + "\n    f('after')\n"

    plain, rewritten = both_outcomes(source)

    assert rewritten == plain


@pytest.mark.parametrize(
    ("chain", "called"),
    [
        ("f(1) < f(3) < f(2) < f(9)", [1, 3, 2]),
        ("not f(1) < f(0) < f(5)", [1, 0]),
        ("0 <= f(5) <= 3", [5]),
        ("f(1) < f(2) < f(3)", [1, 2, 3]),
    ],
)
def test_a_chained_comparison_stops_where_python_does(chain: str, called: list[int]) -> None:
    source = f"def test():\n    assert {chain}\n"

    log, _, _ = outcome(collection.compiled("a.py", source, hidden=False), source)

    assert log == [(value, None) for value in called]


def test_more_parts_than_the_pool_has_names_for() -> None:
    chain = " <= ".join(f"f({number})" for number in range(40))
    source = f"def test():\n    assert {chain}\n    f('after')\n"

    plain, rewritten = both_outcomes(source)

    assert rewritten == plain


def test_lines_docstrings_and_signatures_stay() -> None:
    source = textwrap.dedent(
        '''
        """Module."""
        from __future__ import annotations


        def test(a: Unknown = 1, *, b=2):
            """Function."""
            assert a == 1

            return (
                b
            )
        '''
    )
    plain: dict[str, Any] = {}
    rewritten: dict[str, Any] = {}

    exec(compile(source, "a.py", "exec", dont_inherit=True), plain)
    exec(collection.compiled("a.py", source, hidden=False), rewritten)

    assert rewritten["__doc__"] == "Module."
    for name in ("__doc__", "__defaults__", "__kwdefaults__", "__annotations__"):
        assert getattr(rewritten["test"], name) == getattr(plain["test"], name)
    assert rewritten["test"].__code__.co_firstlineno == plain["test"].__code__.co_firstlineno
    assert rewritten["test"]() == 2


def test_asserts_outside_functions_stay_as_they_are() -> None:
    source = "assert 1 == 1\nclass A:\n    assert 2 == 2\n    x = 1\n"
    tree = ast.parse(source)

    checks = rewriting.rewrite(tree)

    assert checks == []
    assert ast.dump(tree) == ast.dump(ast.parse(source))


def test_an_enum_with_asserts_gains_no_members(examine: Any) -> None:
    source = """
import enum

def test_enum():
    class Colour(enum.Enum):
        RED = 1
        assert RED == 1
    assert list(Colour) == [Colour.RED]
"""

    assert examine(source)["test_enum"].passed


def test_a_name_that_cannot_be_written_holds_the_values() -> None:
    source = "def test():\n    assert f(1) == 1\n"

    code = collection.compiled("a.py", source, hidden=False)

    names = next(c for c in code.co_consts if isinstance(c, CodeType)).co_varnames
    assert names
    assert all(not name.isidentifier() for name in names)


def test_hidden_files_are_compiled_as_they_are() -> None:
    source = "def test():\n    assert f(1) == 2\n"

    code = collection.compiled("a.py", source, hidden=True)

    assert code == compile(source, "a.py", "exec", dont_inherit=True)
