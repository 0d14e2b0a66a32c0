"""The figures of a cluster, and how they follow from what was measured. Pure."""

from collections.abc import Sequence
from statistics import median
from typing import Final

from msgspec import Struct

from bench.figures import Latency, Machine, Ratio, Throughput

COST_BAR: Final = 0.5
"""Our worker should cost at most this share of what RQ's own costs."""
IDLE_EPISODE_BAR_BYTES: Final = 4096
"""An idle episode should take at most so much of Redis."""


class Cost(Struct, frozen=True, kw_only=True):
    """What one grading cost beside the grading itself.

    Attributes:
        trips: Round trips between worker and Redis.
        worker_s: CPU seconds of the worker process.
        redis_s: CPU seconds of redis-server.
    """

    trips: float
    worker_s: float
    redis_s: float

    def each(self, empty: "Cost", gradings: int) -> "Cost":
        """Share what is left beyond an empty run among gradings."""
        return Cost(
            trips=(self.trips - empty.trips) / gradings,
            worker_s=(self.worker_s - empty.worker_s) / gradings,
            redis_s=(self.redis_s - empty.redis_s) / gradings,
        )


class Crewed(Struct, frozen=True, kw_only=True):
    """What a cluster with so many workers did."""

    workers: int
    steps_per_s: Throughput
    run_tests: Latency
    """At concurrency 1."""


class ClusterResults(Struct, frozen=True, kw_only=True):
    """Everything one run found out about a cluster of one gateway and one Redis."""

    machine: Machine
    crews: tuple[Crewed, ...]
    lean: Cost
    lean_in_batches: Cost
    simple: Cost
    batch_size: int
    trips_ratio: Ratio
    worker_cpu_ratio: Ratio
    redis_cpu_ratio: Ratio
    batch_worker_cpu_ratio: Ratio
    """Of a grading in a batch to one by itself, both by our worker."""
    idle_episode_bytes: float
    idle_episode_met: bool


def typical(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(
        trips=median(cost.trips for cost in costs),
        worker_s=median(cost.worker_s for cost in costs),
        redis_s=median(cost.redis_s for cost in costs),
    )


def ratio(ours: Sequence[float], theirs: Sequence[float], *, bar: float) -> Ratio:
    """Compare round by round; good is at most `bar`."""
    values = tuple(our / their for our, their in zip(ours, theirs, strict=True))
    value = median(values)
    return Ratio(value=value, round_values=values, bar=bar, met=value <= bar)
