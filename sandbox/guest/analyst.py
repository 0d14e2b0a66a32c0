"""Measure one source without running it: does it compile, how branched and how looped is it.

Complexity is McCabe's, per function, the highest one told; code outside functions counts as one
function and a nested function as its own. It is one, and one more for each `if`, `elif` and
conditional expression, `for`, `while`, comprehension `for` and comprehension `if`, `except`,
further operand of `and` or `or`, and `case` that can fail to match. Loop depth is how many `for`,
`while` and comprehension `for` stand inside each other within one function.
"""

import ast
import warnings
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, TypeAlias

_TEXT_CHARS: Final = 400
"""Longest line told with a syntax problem, characters."""


class _Measures(NamedTuple):
    complexity: int
    loop_depth: int
    function_count: int


def analyse(source: str) -> dict[str, Any]:
    """Return what can be said of `source` without running it.

    Returns:
        `syntax_problem`: None, or `message`, 1-based `line` and `column`, and the line's `text`;
        `complexity` and `loop_depth` and `function_count`, all 0 where there is a problem;
        `line_count`, the number of lines, a last one without a line end included.
    """
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    tree, problem = _parsed(source, lines)
    measures = _Measures(0, 0, 0) if tree is None else _measures(tree)
    return {
        "syntax_problem": problem,
        **measures._asdict(),
        "line_count": len(lines) - (lines[-1] == ""),
    }


def _parsed(source: str, lines: list[str]) -> tuple[ast.Module | None, dict[str, Any] | None]:
    tree: Any = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = compile(source, "<source>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
            # Not the tree: turning it back into C's form allows less depth than the source has.
            compile(source, "<source>", "exec", dont_inherit=True)
        except SyntaxError as error:
            return None, _syntax_problem(error, source, lines, parsed=tree is not None)
        except UnicodeEncodeError as error:
            character = f"U+{ord(source[error.start]):04X}"
            message = f"the character {character} is a lone surrogate and cannot be in a program"
            return None, _problem_at(message, source, error.start, lines)
        except (RecursionError, MemoryError):
            return None, _problem("the code is too deeply nested to be compiled", 1, 1, lines)
        except (ValueError, OverflowError) as error:
            if "\0" in source:  # a SyntaxError only since Python 3.11.4
                return None, _problem_at(str(error), source, source.find("\0"), lines)
            return None, _problem(f"the code cannot be compiled: {error}", 1, 1, lines)
    return tree, None


def _syntax_problem(
    error: SyntaxError, source: str, lines: list[str], *, parsed: bool
) -> dict[str, Any]:
    null = source.find("\0")
    if null >= 0 and error.lineno is None:
        return _problem_at(error.msg, source, null, lines)
    line, column = error.lineno or 1, error.offset or 1
    if parsed and line <= len(lines):
        # The parser counts characters, the compiler after it counts UTF-8 bytes.
        column = len(lines[line - 1].encode()[: column - 1].decode(errors="replace")) + 1
    return _problem(error.msg, line, column, lines)


def _problem_at(message: str, source: str, index: int, lines: list[str]) -> dict[str, Any]:
    before = source[:index].replace("\r\n", "\n").replace("\r", "\n")
    return _problem(message, before.count("\n") + 1, index - before.rfind("\n"), lines)


def _problem(message: str, line: int, column: int, lines: list[str]) -> dict[str, Any]:
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return {
        "message": message,
        "line": max(line, 1),
        "column": max(column, 1),
        "text": text if len(text) <= _TEXT_CHARS else f"{text[:_TEXT_CHARS]}…",
    }


def _measures(tree: ast.Module) -> _Measures:
    if not tree.body:
        return _Measures(0, 0, 0)
    complexities = [1]
    deepest = function_count = 0
    pending: list[tuple[ast.AST, int, int]] = [(tree, 0, 0)]
    while pending:
        node, function, depth = pending.pop()
        kind = type(node)
        if kind in _COUNTED:
            complexities[function] += _COUNTED[kind](node)
        if kind in _FUNCTIONS:
            function_count += kind is not ast.Lambda
            around, body = _function_parts(node)
            pending += [(child, function, depth) for child in around]
            pending += [(child, len(complexities), 0) for child in body]
            complexities.append(1)
        elif kind in _LOOPING:
            for child, extra in _LOOPING[kind](node):
                pending.append((child, function, depth + extra))
                deepest = max(deepest, depth + extra)
        else:
            pending += [(child, function, depth) for child in _children(node)]
    return _Measures(max(complexities), deepest, function_count)


def _children(node: ast.AST) -> list[ast.AST]:
    children: list[ast.AST] = []
    for value in vars(node).values():
        if type(value) is list:
            children += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            children.append(value)
    return children


def _function_parts(node: Any) -> tuple[list[ast.AST], list[ast.AST]]:
    """Return what is evaluated around a function, and what inside it."""
    if isinstance(node, ast.Lambda):
        return [node.args], [node.body]
    return [node.args, *node.decorator_list], node.body


Parts: TypeAlias = Iterator[tuple[ast.AST, int]]
"""Children of a loop, and how many of its loops each is inside of."""


def _for_parts(node: Any) -> Parts:
    for child in (node.target, node.iter, *node.orelse):
        yield child, 0
    for child in node.body:
        yield child, 1


def _while_parts(node: Any) -> Parts:
    for child in (node.test, *node.body):
        yield child, 1
    for child in node.orelse:
        yield child, 0


def _comprehension_parts(node: Any) -> Parts:
    for depth, generator in enumerate(node.generators):
        yield generator.iter, depth
        yield generator.target, depth + 1
        for condition in generator.ifs:
            yield condition, depth + 1
    results = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
    for result in results:
        yield result, len(node.generators)


def _one(_node: object) -> int:
    return 1


def _operand_count(node: Any) -> int:
    return len(node.values) - 1


def _comprehension_count(node: Any) -> int:
    return sum(1 + len(generator.ifs) for generator in node.generators)


def _case_count(node: Any) -> int:
    irrefutable = isinstance(node.pattern, ast.MatchAs) and node.pattern.pattern is None
    return 0 if irrefutable and node.guard is None else 1


_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS: Final = frozenset((ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
_LOOPING: Final[dict[type[ast.AST], Callable[[Any], Parts]]] = {
    ast.For: _for_parts,
    ast.AsyncFor: _for_parts,
    ast.While: _while_parts,
    **dict.fromkeys(_COMPREHENSIONS, _comprehension_parts),
}
_COUNTED: Final[dict[type[ast.AST], Callable[[Any], int]]] = {
    ast.If: _one,
    ast.IfExp: _one,
    ast.For: _one,
    ast.AsyncFor: _one,
    ast.While: _one,
    ast.ExceptHandler: _one,
    ast.BoolOp: _operand_count,
    ast.match_case: _case_count,
    **dict.fromkeys(_COMPREHENSIONS, _comprehension_count),
}
