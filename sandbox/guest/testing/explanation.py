"""Say what a failing assert compared: its source, both values, where they part."""

import ast
import builtins
import functools
import sys
import warnings
from collections.abc import Iterator
from types import FrameType, FunctionType, ModuleType
from typing import Any, Final, NamedTuple, NoReturn

from sandbox.guest.testing.approximation import Approx
from sandbox.guest.testing.difference import difference
from sandbox.guest.testing.representation import bounded_repr
from sandbox.guest.testing.rewriting import Check, held_value_name, rewrite
from sandbox.guest.testing.source_text import SourceText

_SIDE_CHARS: Final = 400
"""Longest value inside a message, characters; a verdict's own fields hold more."""
_MAX_SHOWN: Final = 6
_MAX_SOURCE_CHARS: Final = 600
_SIGNS: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
_MIRRORED: Final = {
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
    "in": "containing",
    "not in": "not containing",
}
_LITERALS: Final = (
    ast.Constant,
    ast.List,
    ast.Tuple,
    ast.Set,
    ast.Dict,
    ast.UnaryOp,
    ast.BinOp,
    ast.expr_context,
    ast.operator,
    ast.unaryop,
)
_UNSHOWN: Final = (FunctionType, ModuleType, type)


class Explanation(NamedTuple):
    """Why an assert failed: texts for a message and for the two sides."""

    message: str
    expected: str
    actual: str


class Checks:
    """The checks of one rewritten file. `failed` is what its code calls when one fails.

    Which expression a number stands for is worked out from the source when it is first asked, so
    that code compiled earlier needs nothing beside it.
    """

    def __init__(self, source: SourceText) -> None:
        self._source = source

    @functools.cached_property
    def _checks(self) -> list[Check]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the test may have made them errors
            return rewrite(ast.parse(self._source.text))

    def failed(self, number: int, *message: object) -> NoReturn:
        """Raise the AssertionError of check `number`, carrying its `Explanation`.

        Args:
            message: The assert's own message, if it has one.
        """
        explanation = _Explaining(self._checks[number], self._source, sys._getframe(1)).result()  # noqa: SLF001
        text = explanation.message
        if message:
            told = message[0] if isinstance(message[0], str) else bounded_repr(message[0])
            text = f"{told}\n{text}"
        error = AssertionError(text)
        vars(error)["explanation"] = explanation._replace(message=text)
        raise error


class _Explaining:
    def __init__(self, check: Check, source: SourceText, frame: FrameType) -> None:
        self._check = check
        self._source = source
        self._locals = frame.f_locals
        self._globals = frame.f_globals
        self._told: set[str] = set()

    def result(self) -> Explanation:
        leaf, negated = self._check.leaf, self._check.negated
        if isinstance(leaf, ast.Compare) and len(leaf.ops) == 1:
            expected, actual, lines = self._comparison(leaf, negated=negated)
        else:
            expected, actual, lines = self._truth(leaf, negated=negated)
        statement = self._text(self._check.statement)
        values = self._values_of_parts(leaf)
        message = "\n".join([statement, *(f"  {line}" for line in (*lines, *values))])
        return Explanation(message, expected, actual)

    def _comparison(self, leaf: ast.Compare, *, negated: bool) -> tuple[str, str, list[str]]:
        sign = _SIGNS[type(leaf.ops[0])]
        sides = [leaf.left, leaf.comparators[0]]
        if _is_literal(sides[0]) and _has_call(sides[1]):
            sides.reverse()
            sign = _MIRRORED.get(sign, sign)
        subject, target = (self._value(side) for side in sides)
        self._told.update(self._text(side) for side in sides)
        actual, expected = bounded_repr(subject), bounded_repr(target)
        if negated or sign not in ("==", "is"):
            expected = f"{'not ' if negated else ''}{sign} {expected}"
        lines = [f"actual:   {_side(actual)}", f"expected: {_side(expected)}"]
        if sign == "==" and not negated:
            lines += _parting(subject, target)
        elif sign == "is" and not negated and bounded_repr(subject) == bounded_repr(target):
            lines.append("equal looking, but not the same object")
        return expected, actual, lines

    def _truth(self, leaf: ast.expr, *, negated: bool) -> tuple[str, str, list[str]]:
        expected = "a false value" if negated else "a true value"
        value = self._value(leaf)
        if isinstance(leaf, ast.BoolOp):
            actual = "; ".join(self._operand(operand) for operand in leaf.values)
        elif isinstance(leaf, ast.Compare):
            actual = "; ".join(
                f"{self._text(side)} = {_side(bounded_repr(self._value(side)))}"
                for side in (leaf.left, *leaf.comparators)
            )
        else:
            actual = bounded_repr(value)
        call = _unheld(leaf)
        if isinstance(call, ast.Call) and self._value(call.func) is isinstance and call.args:
            subject = self._value(call.args[0])
            actual = f"{bounded_repr(subject)} ({type(subject).__name__})"
            expected = f"{'no ' if negated else ''}{self._text(call.args[1])}"
        self._told.add(self._text(leaf))
        return expected, actual, [f"actual:   {_side(actual)}", f"expected: {_side(expected)}"]

    def _operand(self, operand: ast.expr) -> str:
        text = self._text(operand)
        if isinstance(operand, ast.Compare):
            sign = _SIGNS[type(operand.ops[0])]
            left, right = (
                bounded_repr(self._value(side), _SIDE_CHARS)
                for side in (operand.left, operand.comparators[0])
            )
            return f"{text}: {left} {sign} {right}"
        if isinstance(operand, ast.UnaryOp):
            return text
        return f"{text} = {bounded_repr(self._value(operand), _SIDE_CHARS)}"

    def _values_of_parts(self, leaf: ast.expr) -> Iterator[str]:
        """Tell the values of inner calls and of variables that were not told yet."""
        shown_count = 0
        for node in _value_nodes(leaf):
            text, value = self._text(node), self._value(node)
            if text in self._told or _is_unshown(value):
                continue
            self._told.add(text)
            yield f"where {text} = {bounded_repr(value, _SIDE_CHARS)}"
            shown_count += 1
            if shown_count == _MAX_SHOWN:
                return

    def _value(self, node: ast.expr) -> Any:
        name = node.id if isinstance(node, ast.Name) else held_value_name(node)
        if name is None:
            return node.value if isinstance(node, ast.Constant) else _UNKNOWN
        for scope in (self._locals, self._globals, vars(builtins)):
            if name in scope:
                return scope[name]
        return _UNKNOWN

    def _text(self, node: ast.stmt | ast.expr) -> str:
        text = self._source.segment(_unheld(node))
        if len(text) > _MAX_SOURCE_CHARS:
            text = f"{text[:_MAX_SOURCE_CHARS]}…"
        return text


class _Unknown:
    """Stands for a value that was not held."""


_UNKNOWN: Final = _Unknown()


def _unheld(node: Any) -> Any:
    return node.value if held_value_name(node) else node


def _value_nodes(leaf: ast.expr) -> Iterator[ast.expr]:
    """Yield the held calls and the variables of `leaf` that are not bound inside it."""
    nodes = list(ast.walk(leaf))
    bound = {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    for node in nodes:
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load) and node.id not in bound:
                yield node
        elif isinstance(node, ast.NamedExpr) and held_value_name(node):
            yield node


def _is_unshown(value: object) -> bool:
    return value is _UNKNOWN or isinstance(value, _UNSHOWN) or callable(value)


def _is_literal(node: ast.expr) -> bool:
    return all(isinstance(part, _LITERALS) for part in ast.walk(_unheld(node)))


def _has_call(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Call) for part in ast.walk(node))


def _side(text: str) -> str:
    return text if len(text) <= _SIDE_CHARS else f"{text[:_SIDE_CHARS]}…"


def _parting(actual: object, expected: object) -> list[str]:
    if isinstance(expected, Approx):
        return expected.mismatches(actual)
    if isinstance(actual, Approx):
        return actual.mismatches(expected)
    return difference(actual, expected)
