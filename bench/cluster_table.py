"""The figures of a cluster as text for a terminal."""

from bench.cluster_figures import IDLE_EPISODE_BAR_BYTES, ClusterResults, Cost
from bench.table import heads, latency_cells, machine_lines, ms, verdict


def cluster_table(results: ClusterResults) -> str:
    """Render everything that was measured, the verdicts last."""
    met = "met" if results.idle_episode_met else "NOT met"
    bar = f"(at most {IDLE_EPISODE_BAR_BYTES}: {met})"
    return "\n".join(
        [
            "a cluster of one gateway and one Redis on this machine",
            *machine_lines(results.machine),
            "",
            heads("steps, one at a time; 8 at once", "p50", "p95", "fastest", "per s"),
            *(
                f"  {f'{crew.workers} worker' + 's' * (crew.workers > 1):<32}"
                f"{latency_cells(crew.run_tests)}{crew.steps_per_s.per_s:>10.1f}"
                for crew in results.crews
            ),
            "",
            heads("what RQ costs a grading", "trips", "worker", "redis"),
            _cost_line("our worker", results.lean),
            _cost_line(f"our worker, {results.batch_size} in a batch", results.lean_in_batches),
            _cost_line("RQ's SimpleWorker", results.simple),
            "",
            verdict("round trips, ours / SimpleWorker's", results.trips_ratio, "at most"),
            verdict(
                "CPU of the worker, ours / SimpleWorker's", results.worker_cpu_ratio, "at most"
            ),
            verdict("CPU of Redis, ours / SimpleWorker's", results.redis_cpu_ratio, "at most"),
            verdict("CPU, in a batch / by itself", results.batch_worker_cpu_ratio, "at most"),
            f"Redis memory of an idle episode: {results.idle_episode_bytes:.0f} bytes {bar}",
            "",
        ]
    )


def without_redis() -> str:
    """Say that nothing was measured, and why."""
    return (
        "the cluster was not measured: there is no redis-server on PATH; "
        "install it (apt install redis-server)\n"
    )


def _cost_line(name: str, cost: Cost) -> str:
    return f"  {name:<32}{cost.trips:>10.1f}{ms(cost.worker_s)}{ms(cost.redis_s)}"
