"""Signs of life of a worker, and what the living do for the dead.

A thread beside the worker's main one. Every `BEAT_S` it prolongs the worker's hold on its job, then
looks for jobs that nobody holds: those whose worker gave no sign of life for `HELD_S`, and
those that were taken from the queue and begun by nobody for `STUCK_S`.
"""

import os
from threading import Event, Thread
from time import monotonic
from typing import Any, Final

from redis.exceptions import RedisError
from rq import Queue, worker_registration
from rq.intermediate_queue import IntermediateQueue
from rq.job import Job
from rq.registry import StartedJobRegistry

from worker.rq_clients import once_client
from worker.rq_holds import HELD_S, hold, now_s
from worker.rq_wire import PREFIX
from worker.rq_worker import EXECUTION_TTL_S, WORKER_TTL_S, LeanWorker, push_failure

BEAT_S: Final = 0.5
STUCK_S: Final = 1.5
"""How long a job may be taken and not begun: some hundred times what that takes, seconds."""
REAP_MS: Final = 400
"""How long one worker looks after the dead alone, milliseconds."""
BIRTH_FIELD: Final = "birth"
"""What RQ's record of a worker has from its start, and no part of it that is written later."""
SWEEP_S: Final = 10.0
"""How often dead workers are struck from RQ's list, seconds."""
_GIVE_BACK: Final = """
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 0 then return 0 end
if redis.call('EXISTS', KEYS[3]) == 1 then redis.call('LPUSH', KEYS[2], ARGV[1]) end
return 1
"""


class Beat(Thread):
    """Beats for one worker until it is stopped, or until the process that started us is gone."""

    def __init__(self, worker: LeanWorker, url: str) -> None:
        """Use a connection of its own, which repeats nothing."""
        super().__init__(name="beat", daemon=True)
        self._worker = worker
        self._redis = once_client(url, HELD_S)
        self._queue = Queue(
            worker.queues[0].name, connection=self._redis, serializer=worker.serializer
        )
        self._intermediate = IntermediateQueue(self._queue.key, self._redis)
        self._registry = StartedJobRegistry(queue=self._queue)
        self._stuck_since_s: dict[str, float] = {}
        self._swept_s = 0.0
        self._parent = os.getppid()
        self._stopping = Event()

    def run(self) -> None:
        """Beat; a worker that can give no signs of life any more ends, and is started anew."""
        try:
            self._beat()
            while not self._stopping.wait(BEAT_S):
                self._beat()
        except BaseException:
            self._worker.request_stop(None, None)
            raise

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stopping.set()
        self.join()
        self._redis.close()

    def _beat(self) -> None:
        if os.getppid() != self._parent:
            self._worker.request_stop(None, None)
        try:
            if self._worker.birth_date is not None:  # else RQ would take it for another's record
                self._give_sign()
            self._look_after_dead()
        except RedisError as fault:
            self._worker.log.warning("Worker %s: no sign given: %s", self._worker.name, fault)

    def _look_after_dead(self) -> None:
        try:
            self._reap()
            self._give_back_stuck()
        except RedisError:
            raise
        except Exception:  # somebody else's job must not end our own signs of life
            self._worker.log.exception("Worker %s: a job was not looked after", self._worker.name)

    def _give_sign(self) -> None:
        worker = self._worker
        executions = list(worker.executions.values())
        began_s = monotonic()
        with self._redis.pipeline() as pipeline:
            pipeline.hexists(worker.key, BIRTH_FIELD)
            worker_registration.register(worker, pipeline)  # whoever saw us expired struck us
            worker.heartbeat(pipeline=pipeline)
            pipeline.hset(worker.key, "sandbox", worker.sandbox_health())
            for execution in executions:
                execution.heartbeat(self._registry, EXECUTION_TTL_S, pipeline=pipeline)
                hold(execution, self._registry, pipeline)
            for execution in executions:
                pipeline.zscore(self._registry.key, execution.composite_key)
            answers = pipeline.execute()
            if not answers[0]:  # expired, and maybe begun anew by a job
                pipeline.hset(worker.key, mapping=worker.serialize())  # type: ignore[arg-type]
                pipeline.expire(worker.key, WORKER_TTL_S)
                pipeline.execute()
        if executions and None not in answers[-len(executions) :]:
            worker.seen_alive_s = began_s

    def _reap(self) -> None:
        if not self._redis.set(f"{PREFIX}reaper", self._worker.name, nx=True, px=REAP_MS):
            return
        self._registry.cleanup(now_s(self._redis), exception_handlers=[self._tell])
        if monotonic() - self._swept_s > SWEEP_S:
            worker_registration.clean_worker_registry(self._queue)
            self._swept_s = monotonic()

    def _tell(self, job: Job, *_: Any) -> None:
        """Say that a job is given up, if this was its last try."""
        if not job.should_retry:
            with self._redis.pipeline() as pipeline:
                push_failure(pipeline, job, "the workers that graded it died")
                pipeline.execute()

    def _give_back_stuck(self) -> None:
        now_s = monotonic()
        ids = self._intermediate.get_job_ids()
        self._stuck_since_s = {i: self._stuck_since_s.get(i, now_s) for i in ids}
        for job_id, since_s in self._stuck_since_s.items():
            if now_s - since_s > STUCK_S:
                keys = (self._intermediate.key, self._queue.key, Job.key_for(job_id))
                self._redis.eval(_GIVE_BACK, len(keys), *keys, job_id)
