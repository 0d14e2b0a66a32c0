"""Whether a queue of RQ can take gradings."""

import structlog
from redis.asyncio import Redis

from worker.queue import QueueHealth
from worker.rq_jobs import FAULTS, RqJobs
from worker.rq_roster import Roster, roster

log = structlog.get_logger(__name__)


async def health(redis: Redis, jobs: RqJobs, *, waiting_limit: int) -> QueueHealth:
    """Look at the workers and at what waits; that Redis is away is one more reason."""
    try:
        found = await roster(redis, jobs.queue_name)
        depth = await jobs.depth()
    except FAULTS as fault:
        log.warning("redis_away", operation="health", fault=str(fault))
        found, depth = Roster(), 0
        reasons = ["the grading queue can not be reached"]
    else:
        reasons = [] if found.workers else ["no worker is alive"]
        reasons += ["the grading queue is full"] if depth >= waiting_limit else []
    return QueueHealth(
        waiting=depth,
        running=found.busy,
        workers=found.workers,
        layers=found.layers,
        missing_layers=found.missing_layers,
        reasons=tuple(reasons),
    )
