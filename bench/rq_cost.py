"""What RQ costs for each grading: by our worker, in batches, and by RQ's own worker, in turn."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Final

from msgspec import Struct
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from bench.cluster_figures import Cost
from bench.cluster_programs import Teller, teller, url_of
from worker.messages import GradeJob
from worker.rq_batches import CHUNK_JOBS
from worker.rq_jobs import RqJobs
from worker.rq_wire import QUEUE_NAME, Order, batch_order_of, order_of

_TTL_S: Final = 300
_REPLIES: Final = "bench:replies"


class RqCosts(Struct, frozen=True, kw_only=True):
    """Cost per grading of each round."""

    lean: list[Cost]
    lean_in_batches: list[Cost]
    simple: list[Cost]


class _Side:
    """A worker of one kind, behind a counter of its round trips."""

    def __init__(self, worker: Teller, trips: Teller, redis: Redis) -> None:
        self._worker = worker
        self._trips = trips
        self._redis = redis

    def drain(self) -> Cost:
        """Let the worker do everything that waits; return what that cost in all."""
        trips, redis_s = self._trips.ask(), _redis_cpu_s(self._redis)
        worker_s = self._worker.ask()
        return Cost(
            trips=self._trips.ask() - trips,
            worker_s=worker_s,
            redis_s=_redis_cpu_s(self._redis) - redis_s,
        )


def rq_costs(
    port: int,
    *,
    source: str,
    task_id: str,
    rounds: int,
    gradings: int,
    tell: Callable[[str], None],
) -> RqCosts:
    """Measure in turn, so that noise hits all alike.

    Args:
        port: Of a Redis whose content may go.
        source: What is said to be graded.
        task_id: Against which task.
        rounds: How often.
        gradings: How many for each figure; a multiple of the size of a batch.
        tell: Is given a line for each round.

    Raises:
        BenchFailed: If a process ended early.
    """
    jobs = [
        GradeJob(job_id=f"bench-{n}", source=source, scope="public", task_id=task_id)
        for n in range(gradings)
    ]
    singly = [order_of(job) for job in jobs]
    in_batches = [batch_order_of(jobs[n : n + CHUNK_JOBS]) for n in range(0, gradings, CHUNK_JOBS)]
    costs = RqCosts(lean=[], lean_in_batches=[], simple=[])
    with ExitStack() as stack:
        redis = stack.enter_context(Redis.from_url(url_of(port)))
        lean = _side("lean", redis, port, stack)
        simple = _side("simple", redis, port, stack)
        plan = (
            (costs.lean, lean, singly),
            (costs.simple, simple, singly),
            (costs.lean_in_batches, lean, in_batches),
        )
        for number in range(rounds + 1):
            for kept, side, orders in plan:
                redis.flushall()
                empty = side.drain()
                asyncio.run(_enqueued(port, orders))
                cost = side.drain().each(empty, gradings)
                if number:  # the first warms up
                    kept.append(cost)
            tell(f"  what RQ costs: round {number} of {rounds}")
    return costs


def _side(kind: str, redis: Redis, port: int, stack: ExitStack) -> _Side:
    trips = stack.enter_context(teller("bench.trips", str(port)))
    counted_url = url_of(int(trips.told()))
    worker = stack.enter_context(teller("bench.rq_worker", kind, counted_url))
    return _Side(worker, trips, redis)


async def _enqueued(port: int, orders: Sequence[Order]) -> None:
    async with AsyncRedis.from_url(url_of(port)) as client:
        rq_jobs = RqJobs(client, queue_name=QUEUE_NAME, reply_to=_REPLIES)
        for order in orders:
            await rq_jobs.add(order, ttl_s=_TTL_S)


def _redis_cpu_s(redis: Redis) -> float:
    used = redis.info("cpu")
    return float(used["used_cpu_user"]) + float(used["used_cpu_sys"])
