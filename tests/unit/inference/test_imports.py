"""What the players may reach, read from their text."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PARTS = [ROOT / "inference.py", *sorted((ROOT / "agents").glob("*.py"))]
FIRST_PARTY = {"gateway", "graders", "sandbox", "server", "tasks", "tests", "worker"}
ALLOWED = {"gateway.wire", "server.app", "tasks.catalogue"}
MODEL_CLIENTS = {"anthropic", "litellm", "requests", "aiohttp", "huggingface_hub", "httpx2"}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield str(node.module)


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.name)
def test_a_player_reaches_only_the_wire_the_tasks_and_the_server(path: Path) -> None:
    ours = {name for name in imported(path) if name.split(".")[0] in FIRST_PARTY}

    assert ours <= ALLOWED


def test_the_model_is_asked_through_the_official_client_alone() -> None:
    importers = {path.name: set(imported(path)) for path in PARTS}

    assert [name for name, names in importers.items() if "openai" in names] == ["chat_model.py"]
    assert all(
        name.split(".")[0] not in MODEL_CLIENTS for names in importers.values() for name in names
    )


def test_the_command_line_imports_nothing_that_is_not_needed_for_it() -> None:
    at_the_top = {
        name.split(".")[0]
        for node in ast.parse((ROOT / "inference.py").read_bytes()).body
        for name in imported_by(node)
    }

    assert at_the_top == {"agents", "argparse", "collections", "pathlib", "sys"}


def imported_by(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [str(node.module)] if isinstance(node, ast.ImportFrom) else []
