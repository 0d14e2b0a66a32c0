"""Small wrong changes of a source, one at a time."""

import ast
import copy
from collections.abc import Iterator

SWAPS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq, ast.In),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Continue: (ast.Break, ast.Pass),
    ast.USub: (ast.UAdd,),
}
"""What may stand in the place of a node that has no children."""


def mutants(source: str) -> Iterator[str]:
    """Yield every mutant that differs from the source."""
    tree = ast.parse(source)
    plain = ast.unparse(tree)
    seen = {plain}
    for index, node in enumerate(ast.walk(tree)):
        for variant in _variants(node):
            mutated = copy.deepcopy(tree)
            target = list(ast.walk(mutated))[index]
            text = ast.unparse(_Replacing(target, variant).visit(mutated))
            if text not in seen:
                seen.add(text)
                yield text


class _Replacing(ast.NodeTransformer):
    def __init__(self, target: ast.AST, variant: ast.AST) -> None:
        self._target = target
        self._variant = variant

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self._target:
            return self._variant
        visited: ast.AST = self.generic_visit(node)
        return visited


def _variants(node: ast.AST) -> Iterator[ast.AST]:
    for kind, others in SWAPS.items():
        if isinstance(node, kind):
            yield from (other() for other in others)
    if isinstance(node, ast.stmt):
        yield from _statements(node)
    elif isinstance(node, ast.Constant):
        yield from _constants(node.value)
    elif isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) > 1:
        yield type(node)(elts=node.elts[::-1], ctx=node.ctx)
    elif isinstance(node, ast.Call) and node.args:
        yield node.args[0]
        if node.keywords:
            yield ast.Call(func=node.func, args=node.args, keywords=[])


def _statements(node: ast.stmt) -> Iterator[ast.stmt]:
    if isinstance(node, ast.If):
        for truth in (True, False):
            yield ast.If(test=ast.Constant(truth), body=node.body, orelse=node.orelse)
    elif isinstance(node, ast.Return):
        yield ast.Return(value=ast.Constant(None))
    elif isinstance(node, (ast.Assign, ast.AugAssign)) or _is_call(node):
        yield ast.Pass()
    if isinstance(node, ast.AugAssign):
        yield ast.Assign(targets=[node.target], value=node.value, lineno=node.lineno)


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def _constants(value: object) -> Iterator[ast.AST]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield from (ast.Constant(value + 1), ast.Constant(value - 1))
    elif isinstance(value, str) and value.isidentifier():
        yield ast.Constant(value + "x")
    elif value is None:
        yield ast.Constant(0)
