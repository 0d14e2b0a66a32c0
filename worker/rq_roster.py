"""Which workers there are, as RQ's own records and what ours add to them say."""

from datetime import UTC, datetime
from typing import Any, Final, cast

import msgspec
from msgspec import Struct
from redis.asyncio import Redis
from rq.utils import utcparse
from rq.worker import WorkerStatus
from rq.worker_registration import WORKERS_BY_QUEUE_KEY

from sandbox.exam import Health

ALIVE_S: Final = 6.0
"""How old the last sign of life of a living worker may be, seconds."""
SANDBOX_FIELD: Final = "sandbox"
"""Where a worker's record in RQ says which isolation layers are in force."""


class Roster(Struct, frozen=True, kw_only=True):
    """The living workers of a queue; a layer counts if it is in force at every one of them.

    A worker whose sandbox is away does not count as one.
    """

    workers: int = 0
    without_sandbox: int = 0
    busy: int = 0
    layers: tuple[str, ...] = ()
    missing_layers: dict[str, str] = {}


async def roster(redis: Redis, queue_name: str) -> Roster:
    """Look the living workers up."""
    keys = sorted(await cast("Any", redis.smembers(WORKERS_BY_QUEUE_KEY % queue_name)))
    pipeline = redis.pipeline(transaction=False)
    for key in keys:
        pipeline.hmget(key, ["last_heartbeat", "state", SANDBOX_FIELD, "death"])
    records = await pipeline.execute() if keys else []
    living = [record for record in records if is_alive(record[0], record[3])]
    healths = [msgspec.json.decode(record[2], type=Health) for record in living if record[2]]
    missing: dict[str, str] = {}
    for health in healths:
        missing.update(health.missing)
    layers = healths[0].layers if healths else ()
    return Roster(
        workers=sum(record[2] != b"" for record in living),
        without_sandbox=sum(record[2] == b"" for record in living),
        busy=sum(record[1] == WorkerStatus.BUSY.value.encode() for record in living),
        layers=tuple(layer for layer in layers if all(layer in h.layers for h in healths)),
        missing_layers=missing,
    )


def is_alive(last_heartbeat: bytes | None, death: bytes | None) -> bool:
    """Say whether a worker lives, by what RQ records of it."""
    if last_heartbeat is None or death is not None:
        return False
    return (datetime.now(UTC) - utcparse(last_heartbeat.decode())).total_seconds() < ALIVE_S
