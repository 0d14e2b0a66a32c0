"""Lets go of the job that a worker process had when it ended, so that another need not wait."""

from typing import Final

from redis.exceptions import RedisError
from rq import Queue
from rq.executions import WORKER_EXECUTIONS_KEY_TEMPLATE
from rq.registry import StartedJobRegistry
from rq.worker import BaseWorker
from rq.worker_registration import get_keys

from worker.rq_clients import once_client
from worker.rq_wire import QUEUE_NAME, process_of

ANSWER_S: Final = 1.0
"""How long Redis may take; the others' jobs are looked after meanwhile by the others."""
LONG_AGO: Final = 0
"""As a time at which a hold on a job ends."""


def release(url: str, host: str, process_id: int) -> str:
    """End the hold of a process that is gone; the next beat of any worker gives its job away.

    What can not be done now happens by itself a little later, when the hold ends for want of signs
    of life.

    Returns:
        Why it could not be done; empty when it was.
    """
    prefix = BaseWorker.redis_worker_namespace_prefix
    with once_client(url, ANSWER_S) as redis:
        queue = Queue(QUEUE_NAME, connection=redis, serializer="json")
        begun = StartedJobRegistry(queue=queue).key
        try:
            for key in get_keys(queue):
                name = key.removeprefix(prefix)
                if process_of(name) == (host, process_id):
                    held = redis.smembers(WORKER_EXECUTIONS_KEY_TEMPLATE.format(name))
                    for execution in held:
                        redis.zadd(begun, {execution: LONG_AGO}, xx=True)
        except RedisError as fault:
            return str(fault)
    return ""
