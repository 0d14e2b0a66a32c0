"""The guest's runner finds the same tests as pytest, in the same order, with the same verdicts."""

import json
import subprocess
import sys
import warnings
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import pytest

DATA = Path(__file__).parent / "parity"
FILES = {path.name.removesuffix(".txt"): path.read_text() for path in DATA.glob("test_*.py.txt")}
SOLUTION = (DATA / "solution.py.txt").read_text()

CONFTEST = """
import json
import os

def pytest_runtest_logreport(report):
    line = json.dumps([report.nodeid, report.when, report.outcome])
    with open("outcomes.jsonl", "a") as file:
        file.write(line + "\\n")
"""

PYTEST_INI = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""


class Truth(NamedTuple):
    """For each file, whether each test passed under pytest, in the order they ran."""

    files: dict[str, dict[str, bool]]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    folder = tmp_path_factory.mktemp("parity")
    sources = {"solution.py": SOLUTION, "conftest.py": CONFTEST, "pytest.ini": PYTEST_INI}
    for name, source in (FILES | sources).items():
        (folder / name).write_text(source)
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--tb=line"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    files: dict[str, dict[str, bool]] = defaultdict(dict)
    for line in (folder / "outcomes.jsonl").read_text().splitlines():
        node, _when, outcome = json.loads(line)
        file, _, name = node.partition("::")
        files[file][name] = files[file].get(name, True) and outcome == "passed"
    return Truth(files)


@pytest.mark.parametrize("hidden", [False, True], ids=["public", "hidden"])
@pytest.mark.parametrize("name", FILES)
def test_the_same_tests_pass_as_under_pytest(
    name: str, hidden: bool, real: Truth, examine: Any, in_scratch: Path
) -> None:
    solution: dict[str, object] = {}
    exec(SOLUTION, solution)

    with warnings.catch_warnings():
        warnings.simplefilter("default")
        verdicts = examine(FILES[name], hidden=hidden, **solution)

    expected = real.files[name]
    assert {test: verdict.passed for test, verdict in verdicts.items()} == expected
    assert list(verdicts) == list(expected)
    assert any(expected.values())
