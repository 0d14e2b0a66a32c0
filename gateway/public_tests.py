"""Names the public tests of a task before they have run, from their source."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from gateway.wire import VisibleTest

_TASKS_REMEMBERED: Final = 4096


@lru_cache(maxsize=_TASKS_REMEMBERED)
def public_tests_of(source: str) -> tuple[VisibleTest, ...]:
    """Return one entry per test function of a public test file, in order, none of them run.

    The file is a task's own and was parsed when the catalogue was loaded.
    """
    return tuple(
        VisibleTest(name=name, status="not_run", passed=False, message=doc)
        for name, doc in _tests_in(ast.parse(source).body)
    )


def _tests_in(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, str]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("test"):
                yield prefix + node.name, ast.get_docstring(node) or ""
        elif isinstance(node, ast.ClassDef):
            yield from _tests_in(node.body, f"{prefix}{node.name}::")
