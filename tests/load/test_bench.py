"""That the bench measures. How fast the server is depends on the machine and is not asserted."""

import subprocess
import sys
from pathlib import Path

import msgspec

from bench.cluster import CREWS
from bench.cluster_figures import ClusterResults
from bench.figures import Results
from tests.tree import ROOT


def test_a_quick_bench_prints_a_table_and_writes_the_figures_and_a_plot(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--only", "single", "--output", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )

    results = msgspec.json.decode((tmp_path / "bench.json").read_bytes(), type=Results)
    assert "seccomp" in results.machine.layers
    assert min(results.run_tests.count, results.edit_code.count, results.bare_start.count) > 0
    assert [steps.at_once for steps in results.steps_per_s] == [8, 32]
    assert all(steps.per_s > 0 for steps in (*results.steps_per_s, *results.bare_starts_per_s))
    assert 0 < results.split_at_1.sandbox_s < results.split_at_1.total_s
    assert results.cpu_per_step.total_s > 0
    assert results.memory_loaded.rss_bytes > 0
    assert (tmp_path / "bench.png").read_bytes().startswith(b"\x89PNG")
    assert "p50 of run_tests / p50 of a bare start" in done.stdout
    assert "round 1 of" in done.stderr


def test_a_quick_bench_of_a_cluster_prints_a_table_and_writes_the_figures(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--only", "cluster", "--output", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )

    figures = (tmp_path / "bench-cluster.json").read_bytes()
    results = msgspec.json.decode(figures, type=ClusterResults)
    assert tuple(crew.workers for crew in results.crews) == CREWS
    assert all(crew.steps_per_s.per_s > 0 for crew in results.crews)
    assert results.trips_ratio.met
    assert results.idle_episode_met
    assert 0 < results.lean_in_batches.trips < results.lean.trips < results.simple.trips
    assert "RQ's SimpleWorker" in done.stdout
