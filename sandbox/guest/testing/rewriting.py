"""Rewrite the asserts of a test file so that a failing one can show its values.

`assert f(x) == y` inside a function becomes

    if not ((@0 := f(x)) == (@1 := y)):
        @failed(3)
    @0 = @1 = None

Every sub-expression is still evaluated once, in the same order and under the same short
circuits: an `and` is split into one check an operand, a chained comparison into one check a link,
and values are only held where the failing outcome proves that they were evaluated. Names that
start with `@` cannot be written in Python, so none can clash. Asserts outside functions stay as
they are, since they run while the file is collected. Only statements are walked, never whole
expressions, because this runs for every exam.
"""

import ast
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, TypeAlias

FAILED_NAME: Final = "@failed"
"""Global of a rewritten module: called with the number of the check, and the message if any."""

_SPOT: Final[dict[str, Any]] = {
    "lineno": 1,
    "col_offset": 0,
    "end_lineno": 1,
    "end_col_offset": 0,
}
_MAX_HELD_CALLS: Final = 24
"""How many values one assert holds before it stops to hold those of inner calls."""


def _name(number: int, context: type[ast.expr_context]) -> ast.Name:
    return ast.Name(id=f"@{number}", ctx=context(), **_SPOT)


_POOLED: Final = 8
_STORES: Final = tuple(_name(number, ast.Store) for number in range(_POOLED))
_FAILED: Final = ast.Name(id=FAILED_NAME, ctx=ast.Load(), **_SPOT)
_NONE: Final = ast.Constant(value=None, **_SPOT)
_NOT: Final = ast.Not()

_BODIES: Final[dict[type, tuple[str, ...]]] = {
    ast.FunctionDef: ("body",),
    ast.AsyncFunctionDef: ("body",),
    ast.ClassDef: ("body",),
    ast.If: ("body", "orelse"),
    ast.For: ("body", "orelse"),
    ast.AsyncFor: ("body", "orelse"),
    ast.While: ("body", "orelse"),
    ast.With: ("body",),
    ast.AsyncWith: ("body",),
    ast.Try: ("body", "handlers", "orelse", "finalbody"),
    ast.TryStar: ("body", "handlers", "orelse", "finalbody"),
    ast.ExceptHandler: ("body",),
    ast.Match: ("cases",),
    ast.match_case: ("body",),
}
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)

Block: TypeAlias = list[Any]


class Check(NamedTuple):
    """One condition of an assert: it fails when `leaf` is false, or true if `negated`."""

    statement: ast.Assert
    leaf: ast.expr
    negated: bool


def rewrite(tree: ast.Module) -> list[Check]:
    """Rewrite the asserts in the functions of `tree` in place.

    Returns:
        The checks, in the order of the numbers that the rewritten code passes to `FAILED_NAME`.
    """
    checks: list[Check] = []
    pending: list[tuple[Block, bool]] = [(tree.body, False)]
    while pending:
        block, in_function = pending.pop()
        found = False
        for statement in block:
            kind = type(statement)
            fields = _BODIES.get(kind)
            if fields is not None:
                inside = kind in _FUNCTIONS or (in_function and kind is not ast.ClassDef)
                pending += [(getattr(statement, field), inside) for field in fields]
            elif kind is ast.Assert:
                found = True
        if found and in_function:
            block[:] = _rewritten(block, checks)
    return checks


def held_value_name(node: ast.expr) -> str | None:
    """Return the local variable that holds the value of `node`, if it was held."""
    if isinstance(node, ast.NamedExpr) and node.target.id.startswith("@"):
        return node.target.id
    return None


def _rewritten(block: Block, checks: list[Check]) -> Iterator[ast.stmt]:
    for statement in block:
        if type(statement) is ast.Assert:
            yield from _Rewriting(statement, checks).statements()
        else:
            yield statement


class _Rewriting:
    def __init__(self, statement: ast.Assert, checks: list[Check]) -> None:
        self._statement = statement
        self._checks = checks
        self._count = 0

    def statements(self) -> Iterator[ast.stmt]:
        statement = self._statement
        line, column = statement.lineno, statement.col_offset
        for leaf, negated in self._leaves(statement.test, negated=False):
            arguments: list[ast.expr] = [
                ast.Constant(value=len(self._checks), lineno=line, col_offset=column)
            ]
            if statement.msg is not None:
                arguments.append(statement.msg)
            self._checks.append(Check(statement, leaf, negated))
            call = ast.Call(
                func=_FAILED, args=arguments, keywords=[], lineno=line, col_offset=column
            )
            test = (
                leaf
                if negated
                else ast.UnaryOp(op=_NOT, operand=leaf, lineno=line, col_offset=column)
            )
            yield ast.If(
                test=test,
                body=[ast.Expr(value=call, lineno=line, col_offset=column)],
                orelse=[],
                lineno=line,
                col_offset=column,
            )
        if self._count:
            held: list[ast.expr] = [*_STORES[: self._count]]
            held += [_name(number, ast.Store) for number in range(_POOLED, self._count)]
            yield ast.Assign(targets=held, value=_NONE, lineno=line, col_offset=column)

    def _leaves(self, test: ast.expr, *, negated: bool) -> Iterator[tuple[ast.expr, bool]]:
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            yield from self._leaves(test.operand, negated=not negated)
        elif isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) is negated:
            for operand in test.values:
                yield from self._leaves(operand, negated=negated)
        elif isinstance(test, ast.Compare) and len(test.ops) > 1 and not negated:
            yield from self._links(test)
        else:
            yield self._leaf(test), negated

    def _links(self, chain: ast.Compare) -> Iterator[tuple[ast.expr, bool]]:
        """Split `a < b < c` into `a < b` and `b < c`, evaluating `b` once."""
        left = self._held(chain.left)
        for operator, comparator in zip(chain.ops, chain.comparators, strict=True):
            right = self._held(comparator)
            link = ast.Compare(
                left=left,
                ops=[operator],
                comparators=[right],
                lineno=chain.lineno,
                col_offset=chain.col_offset,
            )
            yield link, False
            left = _loaded(right)

    def _leaf(self, test: ast.expr) -> ast.expr:
        """Hold the values of a condition whose parts were all evaluated when it fails."""
        if isinstance(test, ast.Compare):
            test.left = self._held(test.left)
            test.comparators = [self._held(comparator) for comparator in test.comparators]
            return test
        if isinstance(test, ast.BoolOp):
            test.values = [self._operand(value) for value in test.values]
            return test
        return self._held(test)

    def _operand(self, test: ast.expr) -> ast.expr:
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            return self._leaf(test)
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test.operand = self._operand(test.operand)
            return test
        return self._held(test)

    def _held(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Constant):
            return node
        self._hold_calls(node)
        target = _name(self._count, ast.Store) if self._count >= _POOLED else _STORES[self._count]
        self._count += 1
        return ast.NamedExpr(
            target=target, value=node, lineno=node.lineno, col_offset=node.col_offset
        )

    def _hold_calls(self, node: ast.expr) -> None:
        """Hold the calls inside `node` that are evaluated whenever `node` is."""
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                node.func.value = self._held_call(node.func.value)
            node.args = [self._held_call(argument) for argument in node.args]
            for keyword in node.keywords:
                keyword.value = self._held_call(keyword.value)
        elif isinstance(node, ast.Attribute | ast.Subscript):
            node.value = self._held_call(node.value)
        elif isinstance(node, ast.Await):
            self._hold_calls(node.value)
        elif isinstance(node, ast.BinOp):
            node.left = self._held_call(node.left)
            node.right = self._held_call(node.right)
        elif isinstance(node, ast.UnaryOp):
            node.operand = self._held_call(node.operand)

    def _held_call(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Call | ast.Await) and self._count < _MAX_HELD_CALLS:
            return self._held(node)
        self._hold_calls(node)
        return node


def _loaded(node: ast.expr) -> ast.expr:
    if not isinstance(node, ast.NamedExpr):
        return node
    return ast.copy_location(ast.Name(id=node.target.id, ctx=ast.Load()), node.value)
