"""Rules about the tree that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tree import ROOT, tracked

PACKAGES = ("gateway", "worker", "graders", "tasks", "sandbox", "server")
MODULE_LINE_CEILING = 300
VAGUE_NAMES = re.compile(r"(?i)(^|_)(utils?|helpers?|manager|common|misc|base|handlers?)(_|\.|$)")
DATA_FOLDERS = (
    "tasks/catalog/",
    "tests/corpus/exams/",
    "tests/corpus/honest/",
    "tests/corpus/hostile/",
)


def modules() -> list[str]:
    """List our Python modules; programs under examination are data."""
    return [
        name for name in tracked() if name.endswith(".py") and not name.startswith(DATA_FOLDERS)
    ]


def imported(path: Path) -> Iterator[str]:
    """Give the full name of every module a file imports, at any depth of its code."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def first_party(names: Iterator[str]) -> set[str]:
    """Keep the modules of ours, each as `package.module`."""
    ours = (name.split(".") for name in names if name.split(".")[0] in PACKAGES)
    return {".".join(parts[:2]) for parts in ours if len(parts) > 1}


@pytest.mark.parametrize("name", [name for name in modules() if not name.startswith("tests/")])
def test_a_module_is_short_enough_to_hold_in_mind(name: str) -> None:
    assert len((ROOT / name).read_bytes().splitlines()) <= MODULE_LINE_CEILING


@pytest.mark.parametrize("name", [name for name in modules() if name.endswith("__init__.py")])
def test_an_init_file_holds_a_docstring_only(name: str) -> None:
    body = ast.parse((ROOT / name).read_bytes()).body

    assert len(body) == 1
    assert isinstance(body[0], ast.Expr)
    assert isinstance(body[0].value, ast.Constant)


@pytest.mark.parametrize("name", modules())
def test_a_module_is_named_for_what_it_holds(name: str) -> None:
    assert not VAGUE_NAMES.search(Path(name).name)


@pytest.mark.parametrize("name", modules())
def test_nothing_is_patched_with_a_mock(name: str) -> None:
    assert not {module for module in imported(ROOT / name) if module.startswith("unittest.mock")}


def test_inference_reaches_only_the_wire_the_tasks_and_the_embedded_server() -> None:
    allowed = {"gateway.wire", "server.app", "tasks.catalogue"}
    parts = [ROOT / "inference.py", *(ROOT / "agents").glob("*.py")]

    reached = set().union(*(first_party(imported(path)) for path in parts))

    assert reached <= allowed


def test_the_guest_reaches_only_the_standard_library_and_msgspec() -> None:
    for path in (ROOT / "sandbox" / "guest").glob("*.py"):
        ours = first_party(imported(path))

        assert all(name.split(".")[0] == "sandbox" for name in ours), path.name


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_by_hash_and_names_no_host_and_no_path(name: str) -> None:
    lock = (ROOT / name).read_text()
    requirements = re.findall(r"^[A-Za-z0-9].*", lock, flags=re.MULTILINE)

    assert requirements
    assert all(re.fullmatch(r"[a-z0-9-]+==\S+ \\", line) for line in requirements)
    assert lock.count("--hash=sha256:") >= len(requirements)
    assert not re.search(r"^\s*(-i|-f|-e|--[a-gi-z])|://|@ file:", lock, flags=re.MULTILINE)


def test_no_resolver_lock_with_hosts_is_kept() -> None:
    assert not (ROOT / "uv.lock").exists()


def test_nothing_is_a_symbolic_link() -> None:
    assert [name for name in tracked() if (ROOT / name).is_symlink()] == []
