"""Runs test files through the guest's own runner, inside this process since they are trusted."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from sandbox.guest.testing import collection, pytest_api, running, verdict
from tests.unit.sandbox_guest.harness import Collect, Examine


@pytest.fixture
def collect() -> Iterator[Collect]:
    """Collect a test file whose `solution` holds the given names."""
    before = dict(sys.modules)

    def collect_file(
        source: str, *, hidden: bool = False, **solution: object
    ) -> list[running.CollectedTest]:
        module = ModuleType("solution")
        vars(module).update(solution)
        modules = {"pytest": pytest_api, "solution": module}
        return collection.collect("test_file.py", source, hidden=hidden, modules=modules)

    yield collect_file
    for name in sys.modules.keys() - before.keys():
        del sys.modules[name]
    sys.modules.update(before)


@pytest.fixture
def examine(collect: Collect) -> Examine:
    """Collect a test file, run its tests, and return their verdicts by name."""

    def examine_file(
        source: str, *, hidden: bool = False, **solution: object
    ) -> dict[str, verdict.TestVerdict]:
        tests = collect(source, hidden=hidden, **solution)
        return {test.name: test.run() for test in tests}

    return examine_file


@pytest.fixture
def in_scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty directory, as a guest does."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
