"""How gradings are handed over: the protocol and its in-process implementation."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Lock
from time import monotonic
from typing import Final, Protocol, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from sandbox.exam import Health
from sandbox.outcome import SandboxUnavailable
from worker.messages import Graded, GradeJob, GradeReport, GradingFailed

FIRST_GUESS_S: Final = 0.05
"""How long a grading is thought to take before any was measured."""
SMOOTHING: Final = 0.1
"""Weight of the newest grading in the running mean."""
RETRY_BOUNDS_S: Final = (0.1, 30.0)
BATCH_AT_ONCE: Final = 16
"""Gradings of one batch that are in the queue at once, so that a batch leaves room for others."""


class QueueFull(Exception):
    """The bounded queue has no room; the caller should come back after `retry_after_s`."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"the grading queue is full; retry in {retry_after_s:g} s")
        self.retry_after_s = retry_after_s


class NoRoom(Struct, frozen=True, kw_only=True):
    """One job of several found the queue full; its siblings are not touched."""

    job_id: str
    retry_after_s: float


BatchAnswer: TypeAlias = GradeReport | NoRoom


class QueueHealth(Struct, frozen=True, kw_only=True):
    """What the queue can say of itself. `reasons` is empty when gradings can be taken.

    The figures mean nothing when the queue is not `reachable`.
    """

    waiting: int
    running: int
    workers: int
    layers: tuple[str, ...]
    missing_layers: dict[str, str]
    reasons: tuple[str, ...]
    oldest_s: float = 0.0
    """How long the grading that has waited longest has waited, seconds; 0 when none waits."""
    failed: int = 0
    """How many gradings are kept as failed for good."""
    reachable: bool = True


class GradeQueue(Protocol):
    """Takes jobs from async code. Reports of faults are values (GradingFailed)."""

    async def grade(self, job: GradeJob, *, deadline_s: float) -> GradeReport:
        """Grade one job; answers GradingFailed when `deadline_s` passes.

        Raises:
            QueueFull: If the bounded queue has no room.
        """
        ...

    async def grade_many(
        self, jobs: Sequence[GradeJob], *, deadline_s: float
    ) -> tuple[BatchAnswer, ...]:
        """Grade jobs for one caller, who has time: one answer each, in order.

        No job suffers from another. The deadline is that of each job, from when it is handed over;
        a queue hands over a part at a time, so that there is room for others.
        """
        ...

    async def health(self) -> QueueHealth:
        """Say whether gradings can be taken, and with which isolation layers."""
        ...

    async def close(self) -> None:
        """Stop taking jobs, finish what runs, release everything."""
        ...


async def grade_or_no_room(queue: GradeQueue, job: GradeJob, *, deadline_s: float) -> BatchAnswer:
    """Grade one job of several; that there is no room for it is a value."""
    try:
        return await queue.grade(job, deadline_s=deadline_s)
    except QueueFull as full:
        return NoRoom(job_id=job.job_id, retry_after_s=full.retry_after_s)


class _Ticket:
    """One job on its way and where its answer goes."""

    __slots__ = ("answer", "job", "queued_s", "started_s")

    def __init__(self, job: GradeJob, answer: asyncio.Future[GradeReport], queued_s: float) -> None:
        self.job = job
        self.answer = answer
        self.queued_s = queued_s
        self.started_s: float | None = None


class LocalGradeQueue:
    """Grades in threads of this process; belongs to one event loop.

    Theory of operation: an admitted ticket either has a thread (it counts as running) or is in
    `_waiting`, never both. When a grading ends, `_finish` hands its slot to the ticket that has
    waited longest or frees it; that happens once for each grading, in the thread that ran it. The
    answer travels apart from the slot, by an asyncio future, so an awaiting caller may leave at any
    time (deadline, cancellation, close): a waiting ticket is then taken back at once; a running one
    ends by the sandbox's own deadlines, keeps its slot until then, and its report is dropped.

    Args:
        grade: Grades one job, in a thread.
        sandbox_health: Says which isolation layers are in force.
        workers: How many gradings run at once, at least 1.
        waiting_limit: How many jobs may wait for a thread.
        drain_s: How long `close` waits for jobs in flight, seconds.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        *,
        grade: Callable[[GradeJob], GradeReport],
        sandbox_health: Callable[[], Health],
        workers: int,
        waiting_limit: int,
        drain_s: float,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._grade = grade
        self._sandbox_health = sandbox_health
        self._workers = workers
        self._waiting_limit = waiting_limit
        self._drain_s = drain_s
        self._clock = clock
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="grading")
        self._lock = Lock()
        self._waiting: deque[_Ticket] = deque()
        self._running: set[_Ticket] = set()
        self._mean_s = FIRST_GUESS_S
        self._closed = False

    async def grade(self, job: GradeJob, *, deadline_s: float) -> GradeReport:
        """Grade one job; answers GradingFailed when `deadline_s` passes, waiting included.

        Raises:
            QueueFull: If as many jobs wait as may.
        """
        ticket = _Ticket(job, asyncio.get_running_loop().create_future(), self._clock())
        if not self._admit(ticket):
            return GradingFailed(job_id=job.job_id, reason="the grading queue is closed")
        try:
            async with asyncio.timeout(deadline_s) as deadline:
                return await ticket.answer
        except TimeoutError:
            if not deadline.expired():
                raise
            did = "was still waiting" if ticket.started_s is None else "was not finished"
            reason = f"the grading {did} after {deadline_s:g} s"
            return GradingFailed(job_id=job.job_id, reason=reason)
        finally:
            self._take_back(ticket)

    async def grade_many(
        self, jobs: Sequence[GradeJob], *, deadline_s: float
    ) -> tuple[BatchAnswer, ...]:
        """Grade jobs, `BATCH_AT_ONCE` at a time; one answer each, in order."""
        room = asyncio.Semaphore(BATCH_AT_ONCE)

        async def one(job: GradeJob) -> BatchAnswer:
            async with room:
                return await grade_or_no_room(self, job, deadline_s=deadline_s)

        async with asyncio.TaskGroup() as tasks:
            answers = [tasks.create_task(one(job)) for job in jobs]
        return tuple(answer.result() for answer in answers)

    async def health(self) -> QueueHealth:
        """Say whether gradings can be taken, and with which isolation layers."""
        reasons = []
        layers: tuple[str, ...] = ()
        missing_layers: dict[str, str] = {}
        try:
            sandbox = await asyncio.to_thread(self._sandbox_health)
        except SandboxUnavailable as fault:
            reasons.append(f"the sandbox is unavailable: {fault}")
        else:
            layers, missing_layers = sandbox.layers, sandbox.missing
        with self._lock:
            running, waiting = len(self._running), len(self._waiting)
            oldest_s = self._clock() - self._waiting[0].queued_s if waiting else 0.0
        if self._closed:
            reasons.append("the grading queue is closed")
        elif running + waiting >= self._workers + self._waiting_limit:
            reasons.append("the grading queue is full")
        return QueueHealth(
            waiting=waiting,
            running=running,
            workers=self._workers,
            layers=layers,
            missing_layers=missing_layers,
            reasons=tuple(reasons),
            oldest_s=oldest_s,
        )

    async def close(self) -> None:
        """Take no more jobs, let those in flight end, fail what is left after `drain_s`.

        A grading that still runs then ends by the sandbox's deadlines or when the sandbox closes.
        """
        with self._lock:
            self._closed = True
            answers = {t.answer: t.job.job_id for t in (*self._running, *self._waiting)}
        if answers:
            _, late = await asyncio.wait(answers, timeout=self._drain_s)
            for answer in late:
                reason = "the grading queue was closed before the grading ended"
                _answer(answer, GradingFailed(job_id=answers[answer], reason=reason))
        with self._lock:
            self._waiting.clear()
            self._threads.shutdown(wait=False)

    def _admit(self, ticket: _Ticket) -> bool:
        """Start a ticket or let it wait; return False when the queue is closed."""
        with self._lock:
            if self._closed:
                return False
            if len(self._running) < self._workers:
                self._start(ticket)
            elif len(self._waiting) < self._waiting_limit:
                self._waiting.append(ticket)
            else:
                raise QueueFull(self._retry_after_s())
        return True

    def _retry_after_s(self) -> float:
        rounds = (len(self._waiting) + len(self._running)) / self._workers
        shortest_s, longest_s = RETRY_BOUNDS_S
        return min(longest_s, max(shortest_s, rounds * self._mean_s))

    def _start(self, ticket: _Ticket) -> None:
        """Give a ticket a thread. The lock is held, so that `close` can not come between."""
        self._running.add(ticket)
        ticket.started_s = self._clock()
        future = self._threads.submit(self._run, ticket, ticket.started_s)
        future.add_done_callback(partial(_deliver, ticket))

    def _run(self, ticket: _Ticket, started_s: float) -> GradeReport:
        try:
            report = self._grade(ticket.job)
        finally:
            self._finish(ticket, took_s=self._clock() - started_s)
        if isinstance(report, Graded):
            phases = replace(report.phases, queue_s=started_s - ticket.queued_s)
            return replace(report, phases=phases)
        return report

    def _finish(self, ticket: _Ticket, *, took_s: float) -> None:
        with self._lock:
            self._running.discard(ticket)
            self._mean_s += SMOOTHING * (took_s - self._mean_s)
            if self._waiting:
                self._start(self._waiting.popleft())

    def _take_back(self, ticket: _Ticket) -> None:
        with self._lock:
            if ticket.started_s is None and ticket in self._waiting:
                self._waiting.remove(ticket)


def _deliver(ticket: _Ticket, future: Future[GradeReport]) -> None:
    loop = ticket.answer.get_loop()
    if not loop.is_closed():
        loop.call_soon_threadsafe(_answer, ticket.answer, future.exception() or future.result())


def _answer(answer: asyncio.Future[GradeReport], report: GradeReport | BaseException) -> None:
    """Answer unless the caller has left; a fault nobody foresaw is raised where it is awaited."""
    if answer.done():
        return
    if isinstance(report, BaseException):
        answer.set_exception(report)
    else:
        answer.set_result(report)
