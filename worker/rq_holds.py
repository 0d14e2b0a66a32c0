"""How long a job is a worker's: until some time of Redis's own clock, whatever the hosts' say.

RQ keeps the time in the registry of begun jobs, in whole seconds of the worker's host; what is
written here comes after it in the same transaction.
"""

from typing import Final

from msgspec import Struct
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Queue
from rq.executions import WORKER_EXECUTIONS_KEY_TEMPLATE, Execution
from rq.registry import StartedJobRegistry
from rq.utils import as_text
from rq.worker import BaseWorker
from rq.worker_registration import get_keys

from worker.rq_clients import once_client
from worker.rq_wire import QUEUE_NAME, process_of

HELD_S: Final = 2.0
"""How long after a worker's last sign of life its job is given to another, seconds."""
ANSWER_S: Final = 1.0
"""How long Redis may take over a release; a hold that is not released ends by itself."""
_SOON_S: Final = 0.001
"""Later than any look at the registry that began before: it strikes all that had ended by then."""
_HOLD: Final = """
local time = redis.call('TIME')
local till_s = time[1] + time[2] / 1000000 + ARGV[2]
return redis.call('ZADD', KEYS[1], 'XX', ARGV[3], till_s, ARGV[1])
"""
_ANY, _EARLIER = "CH", "LT"
"""What the end of a hold may be changed to. Source: Redis, ZADD."""


def hold(execution: Execution, registry: StartedJobRegistry, pipeline: Pipeline) -> None:
    """Hold a begun job for `HELD_S` from now."""
    pipeline.eval(_HOLD, 1, registry.key, execution.composite_key, HELD_S, _ANY)


def now_s(redis: Redis) -> float:
    """Return the time that holds are measured by, seconds since 1970."""
    seconds, microseconds = redis.time()
    return float(seconds) + float(microseconds) / 1e6


class Release(Struct, frozen=True, kw_only=True):
    """How many jobs a process held no more, and why it could not be told of the others."""

    jobs: int = 0
    fault: str = ""


def release(url: str, host: str, process_id: int) -> Release:
    """End the hold of a process that is gone; the next beat of any worker gives its job away.

    What can not be done now happens by itself a little later. Where two crews give the same host
    and count processes by themselves, the wrong hold may end: that job is done twice, with one
    effect.
    """
    jobs = 0
    prefix = BaseWorker.redis_worker_namespace_prefix
    with once_client(url, ANSWER_S) as redis:
        queue = Queue(QUEUE_NAME, connection=redis, serializer="json")
        begun = StartedJobRegistry(queue=queue).key
        try:
            for name in (key.removeprefix(prefix) for key in get_keys(queue)):
                if process_of(name) == (host, process_id):
                    for execution in redis.smembers(WORKER_EXECUTIONS_KEY_TEMPLATE.format(name)):
                        redis.eval(_HOLD, 1, begun, as_text(execution), _SOON_S, _EARLIER)
                        jobs += 1
        except RedisError as fault:
            return Release(jobs=jobs, fault=str(fault))
    return Release(jobs=jobs)
