"""Runs a trusted task's tests on a trusted source in this process: plain functions, parametrize."""

import itertools
import sys
import warnings
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

import pytest

from tasks.task import Task

FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    TypeError,
    ValueError,
)
"""What a wrong solution may raise in a test."""


def passes(source: str, tests: str) -> list[bool]:
    """Return for each test case whether it passes; a source that fails to load passes none."""
    solution = ModuleType("solution")
    cases = list(_cases(tests))
    try:
        with warnings.catch_warnings(action="ignore", category=SyntaxWarning):
            exec(compile(source, "solution.py", "exec"), solution.__dict__)
    except (SyntaxError, NameError):
        return [False] * len(cases)
    return [_passes(solution, tests, case) for case in range(len(cases))]


def all_pass(source: str, task: Task) -> bool:
    """Return whether public and hidden tests of a task pass."""
    return all(passes(source, task.test_public)) and all(passes(source, task.test_hidden))


def _passes(solution: ModuleType, tests: str, case: int) -> bool:
    function, arguments = list(_cases(tests, solution))[case]
    try:
        function(**arguments)
    except FAILURES:
        return False
    return True


def _cases(
    tests: str, solution: ModuleType | None = None
) -> Iterator[tuple[FunctionType, dict[str, Any]]]:
    module = ModuleType("tests_of_task")
    before = sys.modules.get("solution")
    sys.modules["solution"] = solution or _Anything("solution")
    try:
        exec(compile(tests, "test.py", "exec"), module.__dict__)
    finally:
        del sys.modules["solution"]
        if before is not None:
            sys.modules["solution"] = before
    for name, function in list(vars(module).items()):
        if name.startswith("test_") and isinstance(function, FunctionType):
            marks = getattr(function, "pytestmark", [])
            for combination in itertools.product(*(_arguments(mark) for mark in marks)):
                yield function, {k: v for chosen in combination for k, v in chosen.items()}


def _arguments(mark: pytest.Mark) -> list[dict[str, Any]]:
    assert mark.name == "parametrize"
    names, values = mark.args
    if isinstance(names, str):
        return [{names: value} for value in values]
    return [dict(zip(names, value, strict=True)) for value in values]


class _Anything(ModuleType):
    def __getattr__(self, name: str) -> object:
        return lambda *args, **kwargs: None
