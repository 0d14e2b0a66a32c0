"""Measures a cluster on this machine: one gateway, one Redis, some workers."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct
from redis import Redis

from bench.bursts import Errand
from bench.cluster_figures import (
    COST_BAR,
    IDLE_EPISODE_BAR_BYTES,
    ClusterResults,
    Crewed,
    ratio,
    typical,
)
from bench.cluster_programs import running_redis, running_workers, url_of
from bench.episode_memory import idle_episode_bytes
from bench.figures import Machine, latency_of, throughput_of
from bench.player import TASK_ID
from bench.programs import HOST, LoadMaker, Server, load_maker, serving
from bench.rounds import FEW
from bench.rq_cost import RqCosts, rq_costs
from worker.rq_batches import CHUNK_JOBS

CREWS: Final = (1, 2, 4)
SLOTS: Final = 4096


class ClusterPlan(Struct, frozen=True, kw_only=True):
    """How much is measured.

    Attributes:
        rounds: Bursts of steps for each number of workers.
        burst_s: How long each lasts, seconds.
        cost_rounds: Rounds of what RQ costs.
        gradings: In each of these.
        episodes: Idle ones whose memory is looked at.
    """

    rounds: int
    burst_s: float
    cost_rounds: int
    gradings: int
    episodes: int


QUICK_CLUSTER: Final = ClusterPlan(
    rounds=1, burst_s=0.8, cost_rounds=3, gradings=10 * CHUNK_JOBS, episodes=40
)
FULL_CLUSTER: Final = ClusterPlan(
    rounds=4, burst_s=3.0, cost_rounds=12, gradings=20 * CHUNK_JOBS, episodes=200
)


def measured_cluster(
    plan: ClusterPlan,
    redis_server: str,
    reference: Path,
    *,
    log: Path,
    machine: Callable[[Server, tuple[float, float, float]], Machine],
    tell: Callable[[str], None],
) -> ClusterResults:
    """Start everything, measure, and end everything.

    Args:
        plan: How much.
        redis_server: Where that program is.
        reference: A solution of the task that is played.
        log: Where gateways and workers log.
        machine: Describes it, given a gateway and the load before.
        tell: Is given a line about each that is measured.

    Raises:
        BenchFailed: If that was not possible.
    """
    load_before = os.getloadavg()
    with tempfile.TemporaryDirectory() as folder, running_redis(redis_server, Path(folder)) as port:
        url = url_of(port)
        costs = rq_costs(
            port,
            source=reference.read_text(),
            task_id=TASK_ID,
            rounds=plan.cost_rounds,
            gradings=plan.gradings,
            tell=tell,
        )
        crews = []
        for workers in CREWS:
            with Redis.from_url(url) as redis:
                redis.flushall()
            with (
                running_workers(url, workers, log=log),
                serving(grading_concurrency=workers, log=log, settings=_gateway(url)) as gateway,
                load_maker("bench.client", HOST, str(gateway.port), str(reference)) as client,
            ):
                crews.append(_crewed(plan, client, workers=workers))
                tell(f"  {workers} workers: {crews[-1].steps_per_s.per_s:.0f} steps/s")
                if workers == CREWS[-1]:
                    with Redis.from_url(url) as redis:
                        episode_bytes = idle_episode_bytes(
                            redis,
                            gateway.port,
                            source=reference.read_text(),
                            episodes=plan.episodes,
                        )
                    found = machine(gateway, load_before)
    return _results(costs, tuple(crews), episode_bytes=episode_bytes, machine=found)


def _gateway(url: str) -> dict[str, str]:
    return {"REDIS_URL": url, "MAX_CONCURRENT_ENVS": str(SLOTS)}


def _crewed(plan: ClusterPlan, client: LoadMaker, *, workers: int) -> Crewed:
    client.run(Errand(load="run_tests", at_once=FEW, lasts_s=plan.burst_s / 2))
    alone = []
    few = []
    for _ in range(plan.rounds):
        alone.append(client.run(Errand(load="run_tests", at_once=1, lasts_s=plan.burst_s / 2)))
        few.append(client.run(Errand(load="run_tests", at_once=FEW, lasts_s=plan.burst_s)))
    return Crewed(
        workers=workers,
        steps_per_s=throughput_of(few, at_once=FEW),
        run_tests=latency_of(alone),
    )


def _results(
    costs: RqCosts, crews: tuple[Crewed, ...], *, episode_bytes: float, machine: Machine
) -> ClusterResults:
    lean, simple, batched = costs.lean, costs.simple, costs.lean_in_batches
    return ClusterResults(
        machine=machine,
        crews=crews,
        lean=typical(lean),
        lean_in_batches=typical(batched),
        simple=typical(simple),
        batch_size=CHUNK_JOBS,
        trips_ratio=ratio([c.trips for c in lean], [c.trips for c in simple], bar=COST_BAR),
        worker_cpu_ratio=ratio(
            [c.worker_s for c in lean], [c.worker_s for c in simple], bar=COST_BAR
        ),
        redis_cpu_ratio=ratio([c.redis_s for c in lean], [c.redis_s for c in simple], bar=COST_BAR),
        batch_worker_cpu_ratio=ratio(
            [c.worker_s for c in batched], [c.worker_s for c in lean], bar=COST_BAR
        ),
        idle_episode_bytes=episode_bytes,
        idle_episode_met=episode_bytes <= IDLE_EPISODE_BAR_BYTES,
    )
