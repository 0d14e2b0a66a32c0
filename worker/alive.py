"""Whether workers of a host have told Redis lately that they live; for health checks."""

from typing import Final, cast

from msgspec import Struct
from redis import Redis
from redis.exceptions import RedisError
from rq.worker import BaseWorker
from rq.worker_registration import WORKERS_BY_QUEUE_KEY

from worker.rq_clients import once_client
from worker.rq_roster import is_alive
from worker.rq_wire import QUEUE_NAME, process_of

ANSWER_S: Final = 3.0
"""How long Redis may take; health checks have deadlines of their own, a little above."""


class Presence(Struct, frozen=True, kw_only=True):
    """How many workers of `host` live, and what was wrong when that could not be found out."""

    host: str
    workers: int = 0
    fault: str = ""


def presence(url: str, host: str) -> Presence:
    """Ask Redis once, without trying again: whoever checks comes back."""
    with once_client(url, ANSWER_S) as redis:
        try:
            return Presence(host=host, workers=_count(redis, host))
        except RedisError as fault:
            return Presence(host=host, fault=str(fault))


def _count(redis: Redis, host: str) -> int:
    prefix = BaseWorker.redis_worker_namespace_prefix
    members = cast("set[bytes]", redis.smembers(WORKERS_BY_QUEUE_KEY % QUEUE_NAME))
    keys = [key.decode() for key in members]
    ours = [key for key in keys if process_of(key.removeprefix(prefix))[0] == host]
    pipeline = redis.pipeline(transaction=False)
    for key in ours:
        pipeline.hmget(key, ["last_heartbeat", "death"])
    return sum(is_alive(*record) for record in pipeline.execute()) if ours else 0
