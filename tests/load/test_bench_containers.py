"""That the bench of containers measures. How fast they are is not asserted."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bench.figures import Latency
from tests.tree import ROOT

pytestmark = pytest.mark.docker


def test_a_quick_bench_prints_tables_and_writes_the_figures(
    sandbox_image: str, tmp_path: Path
) -> None:
    module = [sys.executable, "-m", "bench.containers", "--quick"]
    done = subprocess.run(
        [*module, "--image", sandbox_image, "--output", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )

    figures = msgspec.json.decode(
        (tmp_path / "bench-containers.json").read_bytes(), type=dict[str, dict[str, Latency]]
    )
    assert {name: len(rows) for name, rows in figures.items()} == {"steps": 3, "calls": 4}
    assert all(row.fastest_s > 0 for rows in figures.values() for row in rows.values())
    assert "a cold container" in done.stdout
    assert "of a method, in a container" in done.stdout


def test_without_an_image_it_says_what_to_do(docker_engine: None, tmp_path: Path) -> None:
    module = [sys.executable, "-m", "bench.containers", "--quick"]
    done = subprocess.run(
        [*module, "--image", "no-such-image:ever", "--output", tmp_path],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "bench-containers.log" in done.stderr
    assert "make sandbox-image" in (tmp_path / "bench-containers.log").read_text()
