"""`python -m bench`: measure, print a table, write JSON and a plot."""

import argparse
import os
import platform
import sys
from pathlib import Path
from typing import Final

import msgspec

from bench.cluster import FULL_CLUSTER, QUICK_CLUSTER, ClusterPlan, measured_cluster
from bench.cluster_figures import ClusterResults
from bench.cluster_table import cluster_table, without_redis
from bench.figures import (
    Machine,
    Results,
    cpu_per_step,
    latency_of,
    latency_ratio,
    split_of,
    throughput_of,
    throughput_ratio,
)
from bench.player import TASK_ID
from bench.plot import plot
from bench.programs import (
    HOST,
    ROOT,
    BenchFailed,
    Server,
    bare_interpreter,
    load_maker,
    serving,
)
from bench.rounds import (
    EDITS,
    FULL,
    PACED_STARTS,
    PACED_STEPS,
    QUICK,
    STARTS_1,
    STARTS_FEW,
    STARTS_MANY,
    STEPS_1,
    STEPS_FEW,
    STEPS_MANY,
    Bench,
    Measured,
    Plan,
)
from bench.table import table
from scripts.redis_binary import redis_binary

_REFERENCE: Final = ROOT / "tasks" / "catalog" / TASK_ID / "reference.py"


def main() -> int:
    """Measure; return 0 whatever the figures say, 1 when there are none."""
    options = _options()
    folder: Path = options.output
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if options.only != "cluster":
            _single(folder, QUICK if options.quick else FULL)
        if options.only != "single":
            _cluster(folder, QUICK_CLUSTER if options.quick else FULL_CLUSTER)
    except BenchFailed as failed:
        sys.stderr.write(f"bench: {failed}\n")
        return 1
    return 0


def _single(folder: Path, plan: Plan) -> None:
    results = measured_results(plan, log=folder / "bench.log")
    _write(results, folder / "bench.json")
    plot(results, folder / "bench.png")
    sys.stdout.write(table(results))
    _tell(f"wrote {folder / 'bench.json'} and {folder / 'bench.png'}")


def _cluster(folder: Path, plan: ClusterPlan) -> None:
    redis_server = redis_binary()
    if redis_server is None:
        sys.stdout.write(without_redis())
        return

    def machine(gateway: Server, load_before: tuple[float, float, float]) -> Machine:
        cores = len(os.sched_getaffinity(0))
        return _machine(gateway, cores=cores, load_before=load_before)

    results = measured_cluster(
        plan,
        redis_server,
        _REFERENCE,
        log=folder / "bench-cluster.log",
        machine=machine,
        tell=_tell,
    )
    _write(results, folder / "bench-cluster.json")
    sys.stdout.write(cluster_table(results))
    _tell(f"wrote {folder / 'bench-cluster.json'}")


def _write(results: Results | ClusterResults, path: Path) -> None:
    figures = msgspec.json.format(msgspec.json.encode(results), indent=2)
    path.write_bytes(figures + b"\n")


def measured_results(plan: Plan, *, log: Path) -> Results:
    """Start everything, measure, and end everything.

    Raises:
        BenchFailed: If that was not possible.
    """
    cores = len(os.sched_getaffinity(0))
    load_before = os.getloadavg()
    with (
        serving(grading_concurrency=cores, log=log) as server,
        load_maker("bench.client", HOST, str(server.port), str(_REFERENCE)) as client,
        load_maker("bench.spawner", bare_interpreter()) as spawner,
    ):
        bench = Bench(server_pid=server.pid, client=client, spawner=spawner, tell=_tell)
        measured = bench.measure(plan)
    return _results(measured, _machine(server, cores=cores, load_before=load_before))


def _results(measured: Measured, machine: Machine) -> Results:
    bursts = measured.bursts
    latencies = {stretch: latency_of(bursts[stretch]) for stretch in bursts}
    throughputs = {
        stretch: throughput_of(bursts[stretch], at_once=stretch.at_once) for stretch in bursts
    }
    return Results(
        machine=machine,
        run_tests=latencies[STEPS_1],
        bare_start=latencies[STARTS_1],
        paced_run_tests=latencies[PACED_STEPS],
        paced_bare_start=latencies[PACED_STARTS],
        edit_code=latencies[EDITS],
        steps_per_s=(throughputs[STEPS_FEW], throughputs[STEPS_MANY]),
        bare_starts_per_s=(throughputs[STARTS_FEW], throughputs[STARTS_MANY]),
        latency_ratio=latency_ratio(latencies[STEPS_1], latencies[STARTS_1]),
        paced_latency_ratio=latency_ratio(latencies[PACED_STEPS], latencies[PACED_STARTS]),
        throughput_ratio=throughput_ratio(throughputs[STEPS_FEW], throughputs[STARTS_FEW]),
        split_at_1=split_of(bursts[STEPS_1]),
        split_at_8=split_of(bursts[STEPS_FEW]),
        cpu_per_step=cpu_per_step(measured.cpu[STEPS_FEW], bursts[STEPS_FEW], bursts[STARTS_FEW]),
        memory_idle=measured.idle,
        memory_loaded=measured.loaded,
    )


def _machine(server: Server, *, cores: int, load_before: tuple[float, float, float]) -> Machine:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return Machine(
        cpu=models[0] if models else platform.machine(),
        cores=cores,
        kernel=platform.release(),
        python=platform.python_version(),
        load_before=load_before,
        load_after=os.getloadavg(),
        layers=server.layers,
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short run, for a first look")
    parser.add_argument(
        "--only", choices=("single", "cluster"), help="measure one of the two deployments"
    )
    parser.add_argument(
        "--output", type=Path, default=ROOT / "outputs", help="folder of the JSON and the plot"
    )
    return parser.parse_args()


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
