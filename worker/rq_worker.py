"""RQ's SimpleWorker, with a fifth of its round trips: four for each job.

Overrides what RQ 3.0 does between jobs and around them, and nothing of what a user of RQ sees:
registries, results, retries, `rq info` and suspension are RQ's. `Beat` gives the signs of life, so
that the worker itself writes to Redis twice for each job, once at its start and once at its end.
A worker that was away for so long that its job was given to another leaves no trace of it.

Dependents, repeats, rate limits and callbacks of jobs are not supported; every result is kept for
`RESULT_TTL_S`.
"""

import sys
from collections.abc import Callable
from functools import cached_property
from time import monotonic, sleep
from typing import Any, Final

import structlog
from redis.client import Pipeline
from rq import Queue, SimpleWorker
from rq.exceptions import DequeueTimeout, DeserializationError
from rq.executions import Execution
from rq.job import Job, JobStatus
from rq.registry import FinishedJobRegistry, StartedJobRegistry
from rq.results import Result
from rq.timeouts import JobTimeoutException
from rq.utils import now, utcformat
from rq.worker import WorkerStatus

from worker.jobs import GradingFault
from worker.messages import GradingFailed
from worker.redis_faults import FAULTS
from worker.rq_clients import ANSWER_S, RECONNECT_BOUNDS_S
from worker.rq_holds import HELD_S, hold
from worker.rq_wire import REPLY_TTL_S, RESULT_TTL_S, encoded_reply, kept_report, result_key

EXECUTION_TTL_S: Final = 3
"""How long RQ remembers that a job was begun, whole seconds; longer than the job is held."""
WORKER_TTL_S: Final = 10
"""How long after its last sign of life RQ forgets a worker, whole seconds."""
BLOCK_S: Final = 1
"""How long to wait for a job at a time, whole seconds."""
BETWEEN_JOBS_S: Final = 1.0
"""How often to look whether workers are suspended, seconds."""
_FINISHED: Final = JobStatus.FINISHED.value

log = structlog.get_logger(__name__)


def push_reply(pipeline: Pipeline, job: Job, report: bytes | GradingFailed) -> None:
    """Send a job's answer to whoever asked, to be read soon or never.

    A job that is none of `RqGradeQueue` has nobody who asked.
    """
    try:
        _, reply_to = job.args
    except (DeserializationError, ValueError):
        return
    pipeline.rpush(reply_to, encoded_reply(job.id, report))
    pipeline.expire(reply_to, REPLY_TTL_S)


def push_failure(pipeline: Pipeline, job: Job, reason: str) -> None:
    """Send the answer that a job has failed for good."""
    push_reply(pipeline, job, GradingFailed(job_id=job.id, reason=reason))


class LeanJob(Job):
    """A job that makes its registry once, not three times: checking a serializer is dear in RQ."""

    @cached_property
    def started_job_registry(self) -> StartedJobRegistry:
        """Return where the job is while it is done."""
        registry: StartedJobRegistry = super().started_job_registry
        return registry


class LeanWorker(SimpleWorker):
    """A worker of one queue for the jobs of `RqGradeQueue`."""

    job_class = LeanJob
    log_result_lifespan = False
    max_connection_wait_time = RECONNECT_BOUNDS_S[1]
    seen_alive_s = 0.0
    """When the present job was last known to be ours, by the monotonic clock."""
    sandbox_health: Callable[[], bytes] = bytes
    """Says which isolation layers are in force, as JSON, for whoever asks RQ about this worker."""
    can_grade: Callable[[], bool] = staticmethod(lambda: True)
    """Says whether jobs may be taken: one that fails at once would take job after job."""
    give_no_more_signs: Callable[[], None] = staticmethod(lambda: None)
    """Ends whatever gives signs of life for this worker, before its death is recorded."""
    _looked_s = 0.0
    _written_state = ""

    @cached_property
    def _finished_jobs(self) -> FinishedJobRegistry:
        registry: FinishedJobRegistry = self.queues[0].finished_job_registry
        return registry

    @property
    def dequeue_timeout(self) -> int:
        """How long to wait for a job at a time, seconds."""
        return BLOCK_S

    @property
    def connection_timeout(self) -> int:
        """How long one command may take, seconds."""
        return ANSWER_S

    def serialize(self) -> dict[str, Any]:
        """Return what RQ records of a worker, and its sandbox."""
        return {**super().serialize(), "sandbox": self.sandbox_health()}

    def request_stop(self, signum: Any, frame: Any) -> None:
        """Finish the present job and take no other."""
        self._shutdown_requested_date = now()
        self._stop_requested = True

    def register_death(self) -> None:
        """Record the end after the last sign of life; without Redis the record expires."""
        self.give_no_more_signs()
        try:
            super().register_death()  # type: ignore[no-untyped-call]
        except FAULTS as fault:
            self.log.warning("Worker %s: its end is not recorded: %s", self.name, fault)

    def clean_registries(self) -> None:
        """Forget what ended long ago. Jobs of the dead are for `Beat` alone, or two repeat them."""
        for queue in self.queues:
            queue.finished_job_registry.cleanup()
            queue.failed_job_registry.cleanup()
        self.last_cleaned_at: Any = now()

    def check_for_suspension(self, burst: bool) -> None:
        """Look from time to time whether somebody said `rq suspend`."""
        if monotonic() - self._looked_s >= BETWEEN_JOBS_S:
            super().check_for_suspension(burst)
            self._looked_s = monotonic()

    def set_state(self, state: str, pipeline: Pipeline | None = None) -> None:
        """Record a state unless it is recorded already."""
        if pipeline is not None or state != self._written_state:
            super().set_state(state, pipeline)
        self._state = self._written_state = state

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Give a sign of life with other commands; those by itself are given by `Beat`."""
        if pipeline is not None:
            super().heartbeat(WORKER_TTL_S, pipeline=pipeline)

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """How long RQ remembers that a job was begun, seconds."""
        return EXECUTION_TTL_S

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """Wait for a job until one comes or the worker is to stop."""
        self.set_state(WorkerStatus.IDLE)
        pause_s, longest_s = RECONNECT_BOUNDS_S
        while not self._stop_requested:
            if not self.can_grade():
                sleep(BETWEEN_JOBS_S)
                continue
            try:
                return self.queue_class.dequeue_any(
                    self._ordered_queues,
                    timeout,
                    connection=self.connection,
                    job_class=self.job_class,
                    serializer=self.serializer,
                    death_penalty_class=self.death_penalty_class,
                )
            except DequeueTimeout:
                self.check_for_suspension(burst=False)
            except FAULTS as fault:
                self.log.warning("Worker %s: Redis is away: %s", self.name, fault)
                sleep(pause_s)
                pause_s = min(longest_s, 2 * pause_s)
        return None

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Run a job, or give the answer it has got already."""
        execution, kept = self._begin(job)
        if kept is None:
            self.perform_job(job, queue, execution)
        else:
            self._finalize_success(job, queue, execution, kept.decode())
        self.set_state(WorkerStatus.IDLE)

    def prepare_job_execution(self, job: Job, remove_from_intermediate_queue: bool = False) -> None:
        """Do nothing: `_begin` has done it."""

    def handle_execution_ended(self, job: Job, queue: Queue, heartbeat_ttl: int) -> None:
        """Note the time."""
        job.ended_at = now()

    def handle_job_success(
        self,
        job: Job,
        queue: Queue,
        started_job_registry: StartedJobRegistry,
        execution: Execution,
    ) -> None:
        """Record a report and send it, in one transaction."""
        if self._is_lost(job, execution):
            return
        report = str(job._result)  # noqa: SLF001 - as RQ itself reads it
        ended, started = job.ended_at or now(), job.started_at or now()
        with self.connection.pipeline() as pipeline:
            self.increment_successful_job_count(pipeline=pipeline)
            self.increment_total_working_time(ended - started, pipeline)
            pipeline.hset(job.key, mapping={"status": _FINISHED, "ended_at": utcformat(ended)})
            pipeline.expire(job.key, RESULT_TTL_S)
            Result.create(
                job,
                Result.Type.SUCCESSFUL,
                ttl=RESULT_TTL_S,
                return_value=report,
                worker_name=self.name,
                pipeline=pipeline,
                execution_id=execution.id,
                execution_started_at=execution.created_at,
                execution_ended_at=ended,
            )
            self._finished_jobs.add(job, RESULT_TTL_S, pipeline)
            self.cleanup_execution(job, pipeline=pipeline, execution=execution)
            self.set_state(WorkerStatus.IDLE, pipeline=pipeline)
            push_reply(pipeline, job, report.encode())
            pipeline.execute()

    def handle_job_failure(
        self,
        job: Job,
        queue: Queue,
        started_job_registry: StartedJobRegistry | None = None,
        exc_string: str = "",
        execution: Execution | None = None,
    ) -> None:
        """Let RQ try again or record the failure; say so when it was the last try."""
        if execution is not None and self._is_lost(job, execution):
            return
        was_last = not job.should_retry
        super().handle_job_failure(job, queue, started_job_registry, exc_string, execution)
        if was_last:
            with self.connection.pipeline() as pipeline:
                push_failure(pipeline, job, _why_failed(sys.exception()))
                pipeline.execute()
        if JobTimeoutException.__name__ in exc_string:
            self._stop_requested = True  # the sandbox was left in the middle of an exam

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Log that a job failed without its arguments and the error's text, as RQ would."""
        log.error("job_failed", rq_id=job.id, error_type=exc_info[0].__name__, worker=self.name)

    def _begin(self, job: Job) -> tuple[Execution, bytes | None]:
        """Record that a job has begun; return its answer if it has got one already."""
        with self.connection.pipeline() as pipeline:
            execution = Execution.create(
                job, EXECUTION_TTL_S, pipeline=pipeline, worker_name=self.name
            )
            hold(execution, job.started_job_registry, pipeline)
            self.set_state(WorkerStatus.BUSY, pipeline=pipeline)
            job.prepare_for_execution(self.name, pipeline=pipeline)
            pipeline.persist(job.key)
            pipeline.lrem(self.queues[0].intermediate_queue_key, 1, job.id)
            pipeline.xrevrange(result_key(job.id), count=1)
            self.seen_alive_s = monotonic()
            latest = pipeline.execute()[-1]
        self.executions[execution.id] = execution
        return execution, kept_report(latest)

    def _is_lost(self, job: Job, execution: Execution) -> bool:
        """Say whether the job was given to another; then leave no trace of it."""
        registry = job.started_job_registry
        if monotonic() - self.seen_alive_s < HELD_S / 2:
            return False
        if self.connection.zscore(registry.key, execution.composite_key) is not None:
            return False
        self.log.warning("Worker %s: job %s was given to another", self.name, job.id)
        with self.connection.pipeline() as pipeline:
            self.cleanup_execution(job, pipeline=pipeline, execution=execution)
            self.set_state(WorkerStatus.IDLE, pipeline=pipeline)
            pipeline.execute()
        return True


def _why_failed(error: BaseException | None) -> str:
    """Return our own words, or the kind of an error nobody foresaw: its text may quote a source."""
    return str(error) if isinstance(error, GradingFault) else type(error).__name__
