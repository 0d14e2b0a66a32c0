"""`python -m bench`: measure, print a table, write JSON and a plot."""

import argparse
import os
import platform
import sys
from pathlib import Path
from typing import Final

import msgspec

from bench.bursts import Load
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
from bench.rounds import FEW, FULL, MANY, QUICK, Bench, Measured, Plan
from bench.table import table

_REFERENCE: Final = ROOT / "tasks" / "catalog" / TASK_ID / "reference.py"
_RUN_TESTS: Final[Load] = "run_tests"
_SPAWN: Final[Load] = "spawn"


def main() -> int:
    """Measure; return 0 whatever the figures say, 1 when there are none."""
    options = _options()
    folder: Path = options.output
    folder.mkdir(parents=True, exist_ok=True)
    try:
        results = measured_results(QUICK if options.quick else FULL, log=folder / "bench.log")
    except BenchFailed as failed:
        sys.stderr.write(f"bench: {failed}\n")
        return 1
    figures = msgspec.json.format(msgspec.json.encode(results), indent=2)
    (folder / "bench.json").write_bytes(figures + b"\n")
    plot(results, folder / "bench.png")
    sys.stdout.write(table(results))
    _tell(f"wrote {folder / 'bench.json'} and {folder / 'bench.png'}")
    return 0


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
    run_tests, bare_start = latency_of(bursts[_RUN_TESTS, 1]), latency_of(bursts[_SPAWN, 1])
    steps, starts = (
        tuple(throughput_of(bursts[load, at_once], at_once=at_once) for at_once in (FEW, MANY))
        for load in (_RUN_TESTS, _SPAWN)
    )
    return Results(
        machine=machine,
        run_tests=run_tests,
        edit_code=latency_of(bursts["edit_code", 1]),
        bare_start=bare_start,
        steps_per_s=steps,
        bare_starts_per_s=starts,
        latency_ratio=latency_ratio(run_tests, bare_start),
        throughput_ratio=throughput_ratio(steps[0], starts[0]),
        split_at_1=split_of(bursts[_RUN_TESTS, 1]),
        split_at_8=split_of(bursts[_RUN_TESTS, FEW]),
        cpu_per_step=cpu_per_step(
            measured.cpu[_RUN_TESTS, FEW], bursts[_RUN_TESTS, FEW], bursts[_SPAWN, FEW]
        ),
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
        "--output", type=Path, default=ROOT / "outputs", help="folder of the JSON and the plot"
    )
    return parser.parse_args()


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
