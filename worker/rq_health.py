"""Whether a queue of RQ can take gradings."""

from typing import Final

import structlog
from redis.asyncio import Redis

from worker.queue import QueueHealth
from worker.redis_faults import FAULTS
from worker.rq_jobs import Backlog, RqJobs
from worker.rq_roster import Roster, roster

UNREACHABLE: Final = "the grading queue can not be reached"
log = structlog.get_logger(__name__)


async def health(
    redis: Redis, jobs: RqJobs, *, waiting_limit: int, age_limit_s: float
) -> QueueHealth:
    """Look at the workers and at what waits; that Redis is away is a reason of its own."""
    try:
        found = await roster(redis, jobs.queue_name)
        backlog = await jobs.backlog()
    except FAULTS as fault:
        log.warning("redis_away", operation="health", fault=str(fault))
        found, backlog = Roster(), Backlog()
        reasons = [UNREACHABLE]
    else:
        reasons = [] if found.workers else [_nobody(found)]
        reasons += ["the grading queue is full"] if backlog.depth >= waiting_limit else []
        reasons += ["the grading queue does not move"] if backlog.oldest_s > age_limit_s else []
    return QueueHealth(
        waiting=backlog.depth,
        running=found.busy,
        workers=found.workers,
        layers=found.layers,
        missing_layers=found.missing_layers,
        reasons=tuple(reasons),
        oldest_s=backlog.oldest_s,
        failed=backlog.failed,
        reachable=UNREACHABLE not in reasons,
    )


def _nobody(found: Roster) -> str:
    return "no living worker has a sandbox" if found.without_sandbox else "no worker is alive"
