"""What the trusted texts of a task say of themselves, without running them."""

import ast
import symtable
import sys
from typing import Final

from msgspec import Struct

ALLOWED_BESIDE_STDLIB: Final = frozenset({"pytest", "solution"})


class Broken(Struct, frozen=True, kw_only=True):
    """Why a text is no Python: the compiler's words and the 1-based line, 0 where there is none."""

    message: str
    line: int


class SourceFacts(Struct, frozen=True, kw_only=True):
    """Names and tests of one text that compiles."""

    defined: frozenset[str]
    """Names bound at the top level."""
    asked_of_solution: frozenset[str]
    """Names taken from the module `solution`."""
    foreign_modules: frozenset[str]
    """Imported modules that are neither standard library, pytest nor solution."""
    test_count: int
    """Test functions and methods, each parametrised one counted once."""


def facts_of(source: str) -> SourceFacts | Broken:
    """Return what a text defines, imports and tests, or why it does not compile."""
    try:
        compile(source, "<task>", "exec", dont_inherit=True)
        tree = ast.parse(source)
        table = symtable.symtable(source, "<task>", "exec")
    except SyntaxError as error:
        return Broken(message=error.msg, line=error.lineno or 0)
    except ValueError as error:
        return Broken(message=str(error), line=0)
    return SourceFacts(
        defined=frozenset(
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
        ),
        asked_of_solution=_asked_of_solution(tree),
        foreign_modules=_imported_modules(tree) - sys.stdlib_module_names - ALLOWED_BESIDE_STDLIB,
        test_count=sum(_test_count(statement) for statement in tree.body),
    )


def _asked_of_solution(tree: ast.Module) -> frozenset[str]:
    names: set[str] = set()
    aliases: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "solution":
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            aliases.update(a.asname or a.name for a in node.names if a.name == "solution")
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in aliases
        ):
            names.add(node.attr)
    return frozenset(names)


def _imported_modules(tree: ast.Module) -> frozenset[str]:
    roots: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            roots.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            roots.add("." * node.level + (node.module or "").partition(".")[0])
    return frozenset(roots)


def _test_count(statement: ast.stmt) -> int:
    """Count as pytest collects: `test*` functions, and those in `Test*` or TestCase classes."""
    if isinstance(statement, ast.FunctionDef):
        return int(statement.name.startswith("test"))
    if isinstance(statement, ast.ClassDef):
        is_collected = statement.name.startswith("Test") or any(
            ast.unparse(base).endswith("TestCase") for base in statement.bases
        )
        return is_collected * sum(_test_count(inner) for inner in statement.body)
    return 0
