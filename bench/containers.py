"""`python -m bench.containers`: a `run_tests` step whose candidate has a container of its own.

Needs a Docker engine and the sandbox image (`make sandbox-image`), as the server does.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Final

import msgspec

from bench.bursts import Errand
from bench.figures import Latency, latency_of
from bench.player import TASK_ID
from bench.programs import HOST, ROOT, BenchFailed, load_maker, serving
from bench.table import latency_table

_REFERENCE: Final = ROOT / "tasks" / "catalog" / TASK_ID / "reference.py"
_PAUSE_S: Final = 1.0
"""Between steps: long enough for a warm container to take the place of the last one."""
_ROUNDS: Final = 3
_ROUND_S: Final = 12.0
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
        rows = {
            name: _measured(settings | row, log=folder / "bench-containers.log")
            for name, row in _ROWS.items()
        }
    except BenchFailed as failed:
        sys.stderr.write(f"bench: {failed}\n")
        return 1
    figures = msgspec.json.format(msgspec.json.encode(rows), indent=2)
    (folder / "bench-containers.json").write_bytes(figures + b"\n")
    sys.stdout.write(latency_table("run_tests, 1 at once, 1 s between", rows))
    return 0


def _measured(settings: dict[str, str], *, log: Path) -> Latency:
    """Return the latency of steps at a server of its own.

    Raises:
        BenchFailed: If there is no such server.
    """
    cores = len(os.sched_getaffinity(0))
    errand = Errand(load="run_tests", at_once=1, lasts_s=_ROUND_S, pause_s=_PAUSE_S)
    with (
        serving(grading_concurrency=cores, log=log, settings=settings) as server,
        load_maker("bench.client", HOST, str(server.port), str(_REFERENCE)) as client,
    ):
        return latency_of([client.run(errand) for _ in range(_ROUNDS)])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.containers", description=__doc__)
    parser.add_argument("--image", default="python-code-review-env-sandbox:latest")
    parser.add_argument("--docker-host", default="unix:///var/run/docker.sock")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "outputs", help="folder of the JSON and the log"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
