"""What the processes that make load are asked for and what they answer, one JSON line each."""

import sys
import time
from collections.abc import Callable
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

Load: TypeAlias = Literal["run_tests", "edit_code", "spawn"]


class Errand(Struct, frozen=True, kw_only=True):
    """One stretch of load: how many at once, for how long, and what.

    `edit_code` sends code the server has never seen. `pause_s` is how long whoever makes the load
    thinks before the next step or start; it makes sense for one at once.
    """

    load: Load
    at_once: int
    lasts_s: float
    pause_s: float = 0.0


class Phases(Struct, frozen=True, array_like=True):
    """Where the server says the time of one step went, seconds."""

    queue_s: float
    sandbox_s: float
    judge_s: float


class Burst(Struct, frozen=True, kw_only=True):
    """What became of an errand.

    Attributes:
        count: Steps that were graded, or interpreters that were started and ended.
        elapsed_s: From the first request to the last answer, resets included.
        cpu_s: What the process that made the load used itself.
        children_cpu_s: What the interpreters it started used; 0 for steps.
        latencies_s: One for each step of the kind asked for, or for each interpreter.
        phases: One beside each latency of a step.
    """

    count: int
    elapsed_s: float
    cpu_s: float
    children_cpu_s: float = 0.0
    latencies_s: tuple[float, ...]
    phases: tuple[Phases, ...] = ()


def think(errand: Errand) -> None:
    """Pause as an errand asks."""
    if errand.pause_s:
        time.sleep(errand.pause_s)


def serve_errands(run: Callable[[Errand], Burst]) -> None:
    """Run one errand for each line of stdin until it ends; answer on stdout."""
    for line in sys.stdin.buffer:
        burst = run(msgspec.json.decode(line, type=Errand))
        sys.stdout.buffer.write(msgspec.json.encode(burst) + b"\n")
        sys.stdout.buffer.flush()
