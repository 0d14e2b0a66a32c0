"""Starts bare interpreters, in a process of its own: `python -m bench.spawner INTERPRETER`.

The interpreter is started by `posix_spawn`, the cheapest way there is, and does nothing.
"""

import os
import resource
import sys
from time import perf_counter
from typing import Final

from bench.bursts import Burst, Errand, serve_errands, think

ARGUMENTS: Final = ("-I", "-S", "-c", "pass")
_ENVIRONMENT: Final = {"LC_ALL": "C.UTF-8"}


class Spawner:
    """Keeps a number of interpreters starting.

    Args:
        interpreter: Path of the binary.
    """

    def __init__(self, interpreter: str) -> None:
        self._interpreter = interpreter
        self._argv = (interpreter, *ARGUMENTS)

    def run(self, errand: Errand) -> Burst:
        """Start one whenever one has ended, until the time is up; then wait for the rest."""
        latencies: list[float] = []
        started_at_s: dict[int, float] = {}
        own_s, children_s = _cpu_s(resource.RUSAGE_SELF), _cpu_s(resource.RUSAGE_CHILDREN)
        began_s = perf_counter()
        for _ in range(errand.at_once):
            self._start(started_at_s)
        while started_at_s:
            pid, status = os.waitpid(-1, 0)
            now_s = perf_counter()
            if status:
                raise SystemExit(f"bench: {' '.join(self._argv)} ended with status {status}")
            latencies.append(now_s - started_at_s.pop(pid))
            if now_s - began_s < errand.lasts_s:
                think(errand)
                self._start(started_at_s)
        return Burst(
            count=len(latencies),
            elapsed_s=perf_counter() - began_s,
            cpu_s=_cpu_s(resource.RUSAGE_SELF) - own_s,
            children_cpu_s=_cpu_s(resource.RUSAGE_CHILDREN) - children_s,
            latencies_s=tuple(latencies),
        )

    def _start(self, started_at_s: dict[int, float]) -> None:
        now_s = perf_counter()
        started_at_s[os.posix_spawn(self._interpreter, self._argv, _ENVIRONMENT)] = now_s


def _cpu_s(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    serve_errands(Spawner(sys.argv[1]).run)
