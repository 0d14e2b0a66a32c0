import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

import pytest

from graders.quality import analysis_grade
from sandbox.exam import Analysis, Health
from sandbox.outcome import SandboxUnavailable
from tests.unit.worker.examples import PATIENCE_S, job_of, waited
from worker.messages import Graded, GradeJob, GradeReport, GradingFailed
from worker.queue import LocalGradeQueue, QueueFull, QueueHealth

GRADE = analysis_grade(Analysis())
HEALTH = Health(backend="scripted", layers=("seccomp",), missing={"landlock": "old kernel"})


def answer(job: GradeJob) -> GradeReport:
    return Graded(job_id=job.job_id, grade=GRADE)


class Gate:
    """A grading that waits at a gate, and counts who came and how many were in at once."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._lock = threading.Lock()
        self.began: list[str] = []
        self.inside = 0
        self.most_inside = 0

    def grade(self, job: GradeJob) -> GradeReport:
        with self._lock:
            self.began.append(job.job_id)
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        waited(self._open)
        with self._lock:
            self.inside -= 1
        return answer(job)

    def open(self) -> None:
        self._open.set()


@asynccontextmanager
async def queue_of(
    grade: Callable[[GradeJob], GradeReport],
    *,
    workers: int = 1,
    waiting_limit: int = 8,
    drain_s: float = PATIENCE_S,
) -> AsyncIterator[LocalGradeQueue]:
    queue = LocalGradeQueue(
        grade=grade,
        sandbox_health=lambda: HEALTH,
        workers=workers,
        waiting_limit=waiting_limit,
        drain_s=drain_s,
    )
    try:
        yield queue
    finally:
        await queue.close()


def asked(
    queue: LocalGradeQueue, job_id: str, *, deadline_s: float = PATIENCE_S
) -> asyncio.Task[GradeReport]:
    return asyncio.create_task(queue.grade(job_of(job_id=job_id), deadline_s=deadline_s))


async def until(queue: LocalGradeQueue, *, running: int, waiting: int) -> None:
    """Wait until the queue is so busy."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            health = await queue.health()
            if (health.running, health.waiting) == (running, waiting):
                return
            await asyncio.sleep(0.001)


async def test_a_job_is_graded() -> None:
    async with queue_of(answer) as queue:
        report = await queue.grade(job_of(), deadline_s=PATIENCE_S)

    assert isinstance(report, Graded)
    assert report.grade == GRADE
    assert report.phases.queue_s >= 0


async def test_jobs_run_side_by_side_but_no_more_than_there_are_workers() -> None:
    gate = Gate()
    async with queue_of(gate.grade, workers=3) as queue:
        tasks = [asked(queue, f"j{number}") for number in range(8)]
        await until(queue, running=3, waiting=5)
        gate.open()
        reports = await asyncio.gather(*tasks)

    assert [report.job_id for report in reports] == [f"j{number}" for number in range(8)]
    assert gate.most_inside == 3


async def test_waiting_jobs_run_in_the_order_they_came() -> None:
    gate = Gate()
    async with queue_of(gate.grade) as queue:
        tasks = []
        for number in range(5):
            tasks.append(asked(queue, f"j{number}"))
            await until(queue, running=1, waiting=number)
        gate.open()
        await asyncio.gather(*tasks)

    assert gate.began == [f"j{number}" for number in range(5)]


async def test_time_in_the_queue_is_told() -> None:
    gate = Gate()
    async with queue_of(gate.grade) as queue:
        first, second = asked(queue, "j1"), asked(queue, "j2")
        await until(queue, running=1, waiting=1)
        await asyncio.sleep(0.02)
        gate.open()
        reports = await asyncio.gather(first, second)

    assert isinstance(reports[1], Graded)
    assert reports[1].phases.queue_s >= 0.02


async def test_a_full_queue_refuses_and_says_when_to_come_back() -> None:
    gate = Gate()
    async with queue_of(gate.grade, waiting_limit=1) as queue:
        tasks = [asked(queue, "j1"), asked(queue, "j2")]
        await until(queue, running=1, waiting=1)

        with pytest.raises(QueueFull) as caught:
            await queue.grade(job_of(job_id="j3"), deadline_s=PATIENCE_S)
        health = await queue.health()
        gate.open()
        await asyncio.gather(*tasks)
        after = await queue.grade(job_of(job_id="j4"), deadline_s=PATIENCE_S)

    assert 0.1 <= caught.value.retry_after_s <= 30
    assert health.reasons == ("the grading queue is full",)
    assert isinstance(after, Graded)
    assert "j3" not in gate.began


async def test_a_deadline_that_passes_while_waiting_takes_the_job_back() -> None:
    gate = Gate()
    async with queue_of(gate.grade) as queue:
        first = asked(queue, "j1")
        await until(queue, running=1, waiting=0)

        report = await queue.grade(job_of(job_id="j2"), deadline_s=0.01)
        await until(queue, running=1, waiting=0)
        gate.open()
        await first

    assert report == GradingFailed(job_id="j2", reason="the grading was still waiting after 0.01 s")
    assert gate.began == ["j1"]


async def test_a_deadline_that_passes_while_running_leaves_the_slot_taken_until_the_end() -> None:
    gate = Gate()
    async with queue_of(gate.grade) as queue:
        report = await queue.grade(job_of(job_id="j1"), deadline_s=0.01)
        still = await queue.health()
        gate.open()
        await until(queue, running=0, waiting=0)

    assert report == GradingFailed(job_id="j1", reason="the grading was not finished after 0.01 s")
    assert (still.running, still.waiting) == (1, 0)


async def test_cancelling_a_waiting_caller_frees_its_place() -> None:
    gate = Gate()
    async with queue_of(gate.grade, waiting_limit=1) as queue:
        first, second = asked(queue, "j1"), asked(queue, "j2")
        await until(queue, running=1, waiting=1)

        second.cancel()
        await until(queue, running=1, waiting=0)
        third = asked(queue, "j3")
        await until(queue, running=1, waiting=1)
        gate.open()
        reports = await asyncio.gather(first, third)

    assert second.cancelled()
    assert [report.job_id for report in reports] == ["j1", "j3"]
    assert gate.began == ["j1", "j3"]


async def test_cancelling_a_running_caller_frees_its_slot_when_the_grading_ends() -> None:
    gate = Gate()
    async with queue_of(gate.grade) as queue:
        first = asked(queue, "j1")
        await until(queue, running=1, waiting=0)

        first.cancel()
        second = asked(queue, "j2")
        await until(queue, running=1, waiting=1)
        gate.open()
        report = await second
        await until(queue, running=0, waiting=0)

    assert first.cancelled()
    assert report.job_id == "j2"


async def test_callers_who_leave_at_any_moment_leak_nothing() -> None:
    def grade_briefly(job: GradeJob) -> GradeReport:
        threading.Event().wait(0.0005)
        return answer(job)

    async with queue_of(grade_briefly, workers=2, waiting_limit=400) as queue:
        tasks = [asked(queue, f"j{number}") for number in range(400)]
        for number, task in enumerate(tasks):
            if number % 3 == 0:
                await asyncio.sleep(0)
            if number % 2:
                task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        await until(queue, running=0, waiting=0)

    for number, result in enumerate(results):
        if number % 2 == 0:
            assert isinstance(result, Graded)
            assert result.job_id == f"j{number}"


async def test_a_fault_nobody_foresaw_is_raised_to_its_caller_alone() -> None:
    def grade_or_break(job: GradeJob) -> GradeReport:
        if job.job_id == "bad":
            raise ZeroDivisionError("a bug")
        return answer(job)

    async with queue_of(grade_or_break) as queue:
        bad, good = asked(queue, "bad"), asked(queue, "good")
        with pytest.raises(ZeroDivisionError, match="a bug"):
            await bad
        report = await good
        await until(queue, running=0, waiting=0)

    assert isinstance(report, Graded)


async def test_a_timeout_raised_by_a_grading_is_no_deadline() -> None:
    def grade_late(job: GradeJob) -> GradeReport:
        raise TimeoutError(job.job_id)

    async with queue_of(grade_late) as queue:
        with pytest.raises(TimeoutError, match="j1"):
            await queue.grade(job_of(), deadline_s=PATIENCE_S)


async def test_close_lets_what_is_in_flight_end() -> None:
    gate = Gate()
    async with queue_of(gate.grade) as queue:
        tasks = [asked(queue, "j1"), asked(queue, "j2")]
        await until(queue, running=1, waiting=1)
        closing = asyncio.create_task(queue.close())
        await asyncio.sleep(0)
        gate.open()
        await closing

        assert [type(await task) for task in tasks] == [Graded, Graded]


async def test_close_fails_what_does_not_end_in_time() -> None:
    gate = Gate()
    async with queue_of(gate.grade, drain_s=0.02) as queue:
        tasks = [asked(queue, "j1"), asked(queue, "j2")]
        await until(queue, running=1, waiting=1)
        began_s = monotonic()
        await queue.close()
        took_s = monotonic() - began_s
        reports = await asyncio.gather(*tasks)
        gate.open()

    reason = "the grading queue was closed before the grading ended"
    assert reports == [
        GradingFailed(job_id="j1", reason=reason),
        GradingFailed(job_id="j2", reason=reason),
    ]
    assert took_s < PATIENCE_S
    assert gate.began == ["j1"]


async def test_a_closed_queue_takes_no_job_and_may_be_closed_again() -> None:
    async with queue_of(answer) as queue:
        await queue.close()
        await queue.close()

        report = await queue.grade(job_of(), deadline_s=PATIENCE_S)
        health = await queue.health()

    assert report == GradingFailed(job_id="j1", reason="the grading queue is closed")
    assert health.reasons == ("the grading queue is closed",)


async def test_health_tells_what_there_is() -> None:
    async with queue_of(answer, workers=3) as queue:
        health = await queue.health()

    assert health == QueueHealth(
        waiting=0,
        running=0,
        workers=3,
        layers=("seccomp",),
        missing_layers={"landlock": "old kernel"},
        reasons=(),
    )


async def test_health_tells_of_a_sandbox_that_is_gone() -> None:
    def gone() -> Health:
        raise SandboxUnavailable("no fork server")

    queue = LocalGradeQueue(
        grade=answer, sandbox_health=gone, workers=1, waiting_limit=1, drain_s=1
    )
    health = await queue.health()
    await queue.close()

    assert health.reasons == ("the sandbox is unavailable: no fork server",)
    assert health.layers == ()
