"""`python -m bench.containers`: steps and calls whose candidate has a container of its own.

Needs a Docker engine and the sandbox image (`make sandbox-image`), as the server does.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Final

import msgspec

from bench.bursts import Errand
from bench.calls import CALLS, CallsFailed, call_latencies
from bench.figures import Latency, latency_of
from bench.player import TASK_ID
from bench.programs import HOST, ROOT, BenchFailed, load_maker, serving
from bench.table import latency_table
from sandbox.container import ContainerSandbox
from sandbox.outcome import SandboxUnavailable
from sandbox.process import ProcessSandbox

_REFERENCE: Final = ROOT / "tasks" / "catalog" / TASK_ID / "reference.py"
_PAUSE_S: Final = 1.0
"""Between steps: long enough for a warm container to take the place of the last one."""
_ROUNDS: Final = 3
_ROUND_S: Final = 12.0
_QUICK_ROUND_S: Final = 2.0
_EXAMS: Final = 9
"""How often each kind of call is measured."""
_ROWS: Final = {
    "a process": {"SANDBOX_BACKEND": "process"},
    "a warm container": {"SANDBOX_BACKEND": "docker", "SANDBOX_WARM": "2"},
    "a cold container": {"SANDBOX_BACKEND": "docker", "SANDBOX_WARM": "0"},
}


def main() -> int:
    """Measure; return 1 when there are no figures."""
    options = _options()
    folder: Path = options.output
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"SANDBOX_IMAGE": options.image, "DOCKER_HOST": options.docker_host}
    try:
        steps = {
            name: _measured(
                settings | row, log=folder / "bench-containers.log", is_quick=options.quick
            )
            for name, row in _ROWS.items()
        }
        calls = _calls(image=options.image, host=options.docker_host)
    except (BenchFailed, CallsFailed, SandboxUnavailable) as failed:
        sys.stderr.write(f"bench: {failed}\n")
        return 1
    figures = msgspec.json.format(msgspec.json.encode({"steps": steps, "calls": calls}), indent=2)
    (folder / "bench-containers.json").write_bytes(figures + b"\n")
    sys.stdout.write(latency_table("run_tests, 1 at once, 1 s between", steps))
    sys.stdout.write("\n" + latency_table(f"a test's call, mean of {CALLS}", calls))
    return 0


def _calls(*, image: str, host: str) -> dict[str, Latency]:
    """Return the latency of calls with each kind of candidate.

    Raises:
        CallsFailed: If they were not made.
        SandboxUnavailable: If a sandbox failed.
    """
    with ProcessSandbox(concurrency=1) as processes:
        here = call_latencies(processes, _EXAMS)
    with ContainerSandbox(image=image, host=host, warm=1, concurrency=1) as containers:
        there = call_latencies(containers, _EXAMS)
    kinds = ("of a function", "of a method")
    return {
        f"{kind}, in a {place}": latency
        for place, latencies in (("process", here), ("container", there))
        for kind, latency in zip(kinds, latencies, strict=True)
    }


def _measured(settings: dict[str, str], *, log: Path, is_quick: bool) -> Latency:
    """Return the latency of steps at a server of its own.

    Raises:
        BenchFailed: If there is no such server.
    """
    cores = len(os.sched_getaffinity(0))
    round_s = _QUICK_ROUND_S if is_quick else _ROUND_S
    errand = Errand(load="run_tests", at_once=1, lasts_s=round_s, pause_s=_PAUSE_S)
    with (
        serving(grading_concurrency=cores, log=log, settings=settings) as server,
        load_maker("bench.client", HOST, str(server.port), str(_REFERENCE)) as client,
    ):
        return latency_of([client.run(errand) for _ in range(1 if is_quick else _ROUNDS)])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.containers", description=__doc__)
    parser.add_argument("--image", default="python-code-review-env-sandbox:latest")
    parser.add_argument("--docker-host", default="unix:///var/run/docker.sock")
    parser.add_argument("--quick", action="store_true", help="see that it measures, no more")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "outputs", help="folder of the JSON and the log"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
