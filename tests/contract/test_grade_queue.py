"""What every queue of gradings keeps, whichever it is, with real gradings in real sandboxes."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from time import monotonic
from typing import Protocol
from uuid import uuid4

import pytest
from msgspec.structs import replace

from gateway.redis_client import async_client
from sandbox.process import ProcessSandbox
from tests.integration.cluster import crew, sleeping
from tests.redis_server import running_redis
from worker.messages import Graded, GradeJob, GradingFailed, TestsBroken
from worker.pipeline import Pipeline
from worker.queue import GradeQueue, LocalGradeQueue, NoRoom, QueueFull
from worker.rq_queue import RqGradeQueue

PATIENCE_S = 30.0
WAITING_LIMIT = 2


class Opened(Protocol):
    """Opens a queue with one worker behind it."""

    def __call__(self, *, waiting_limit: int = 100) -> AbstractAsyncContextManager[GradeQueue]: ...


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_redis(tmp_path_factory.mktemp("redis")) as server, crew(server.url, 1):
        yield server.url


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ProcessSandbox]:
    with ProcessSandbox(concurrency=1, require=frozenset()) as process_sandbox:
        yield process_sandbox


@pytest.fixture(params=["local", "rq"])
def opened(request: pytest.FixtureRequest) -> Opened:
    if request.param == "rq":
        url: str = request.getfixturevalue("redis_url")

        @asynccontextmanager
        async def rq(*, waiting_limit: int = 100) -> AsyncIterator[GradeQueue]:
            async with async_client(url) as redis:
                queue = RqGradeQueue(
                    redis,
                    gateway_id=str(uuid4()),
                    waiting_limit=waiting_limit,
                    age_limit_s=60.0,
                    drain_s=PATIENCE_S,
                )
                await queue.start()
                try:
                    yield queue
                finally:
                    await queue.close()

        return rq
    process_sandbox: ProcessSandbox = request.getfixturevalue("sandbox")

    @asynccontextmanager
    async def local(*, waiting_limit: int = 100) -> AsyncIterator[GradeQueue]:
        pipeline = Pipeline(tasks={}, sandbox=process_sandbox, concurrency=1)
        queue = LocalGradeQueue(
            grade=pipeline.grade,
            sandbox_health=process_sandbox.health,
            workers=1,
            waiting_limit=waiting_limit,
            drain_s=PATIENCE_S,
        )
        try:
            yield queue
        finally:
            await queue.close()
            pipeline.close()

    return local


@pytest.fixture
async def queue(opened: Opened) -> AsyncIterator[GradeQueue]:
    async with opened() as one:
        yield one


def right(seconds: float = 0.0) -> GradeJob:
    """Return a job that nobody asked before, and that passes."""
    return sleeping(seconds, str(uuid4()))


def wrong() -> GradeJob:
    return replace(right(), source="def f():\n    return 2\n")


def impossible() -> GradeJob:
    return GradeJob(job_id=str(uuid4()), source="", scope="public", task_id="there is no such task")


def with_broken_tests() -> GradeJob:
    job = right()
    assert job.inline_task is not None
    task = replace(job.inline_task, test_public="from solution import f\n\nundefined()\n")
    return replace(job, inline_task=task)


def told(answer: object) -> object:
    """Return what an answer says."""
    if isinstance(answer, Graded):
        return answer.grade.passed
    return type(answer)


async def until_it_has(queue: GradeQueue, *, running: int, waiting: int) -> None:
    give_up_s = monotonic() + PATIENCE_S
    while True:
        health = await queue.health()
        if (health.running, health.waiting) == (running, waiting):
            return
        assert monotonic() < give_up_s, health
        await asyncio.sleep(0.01)


async def test_a_job_is_graded_and_its_report_says_whose_it_is(queue: GradeQueue) -> None:
    good, bad = right(0.05), wrong()

    reports = [await queue.grade(job, deadline_s=PATIENCE_S) for job in (good, bad)]

    assert [told(report) for report in reports] == [True, False]
    assert [report.job_id for report in reports] == [good.job_id, bad.job_id]
    assert isinstance(reports[0], Graded)
    assert reports[0].phases.sandbox_s > 0.05


async def test_broken_tests_are_a_report_of_their_own(queue: GradeQueue) -> None:
    report = await queue.grade(with_broken_tests(), deadline_s=PATIENCE_S)

    assert isinstance(report, TestsBroken)
    assert "undefined" in report.reason


async def test_our_own_fault_is_a_report_of_its_own(queue: GradeQueue) -> None:
    job = impossible()

    report = await queue.grade(job, deadline_s=PATIENCE_S)

    assert isinstance(report, GradingFailed)
    assert report.job_id == job.job_id
    assert "there is no such task" in report.reason


async def test_what_is_not_done_by_its_deadline_failed(queue: GradeQueue) -> None:
    job = right(1.0)

    report = await queue.grade(job, deadline_s=0.3)

    assert isinstance(report, GradingFailed)
    assert report.job_id == job.job_id
    assert "0.3 s" in report.reason


async def test_a_full_queue_refuses_one_job_and_has_no_room_for_one_of_many(
    opened: Opened,
) -> None:
    async with opened(waiting_limit=WAITING_LIMIT) as queue:
        first = asyncio.create_task(queue.grade(right(1.0), deadline_s=PATIENCE_S))
        await until_it_has(queue, running=1, waiting=0)
        others = [
            asyncio.create_task(queue.grade(right(), deadline_s=PATIENCE_S))
            for _ in range(WAITING_LIMIT)
        ]
        await until_it_has(queue, running=1, waiting=WAITING_LIMIT)
        late = right()

        with pytest.raises(QueueFull) as full:
            await queue.grade(right(), deadline_s=PATIENCE_S)
        (answer,) = await queue.grade_many([late], deadline_s=PATIENCE_S)
        health = await queue.health()
        reports = await asyncio.gather(first, *others)

    assert full.value.retry_after_s > 0
    assert isinstance(answer, NoRoom)
    assert answer.job_id == late.job_id
    assert answer.retry_after_s > 0
    assert "the grading queue is full" in health.reasons
    assert [told(report) for report in reports] == [True] * (1 + WAITING_LIMIT)


async def test_many_jobs_are_answered_in_order_and_one_that_fails_fails_alone(
    queue: GradeQueue,
) -> None:
    jobs = [right(), wrong(), impossible(), with_broken_tests(), *(right() for _ in range(30))]

    answers = await queue.grade_many(jobs, deadline_s=PATIENCE_S)

    expected = [True, False, GradingFailed, TestsBroken, *([True] * 30)]
    assert [told(answer) for answer in answers] == expected
    assert [answer.job_id for answer in answers] == [job.job_id for job in jobs]


async def test_each_of_many_has_its_own_deadline(queue: GradeQueue) -> None:
    slow = [right(0.6) for _ in range(6)]

    answers = await queue.grade_many([right(), *slow], deadline_s=2.0)

    assert told(answers[0]) is True
    assert {told(answer) for answer in answers} == {True, GradingFailed}
    assert [answer.job_id for answer in answers[1:]] == [job.job_id for job in slow]


async def test_no_jobs_have_no_answers(queue: GradeQueue) -> None:
    assert await queue.grade_many([], deadline_s=PATIENCE_S) == ()


async def test_whoever_leaves_takes_nobody_along(queue: GradeQueue) -> None:
    leaving = asyncio.create_task(queue.grade_many([right(0.3), right(0.3)], deadline_s=PATIENCE_S))
    staying = asyncio.create_task(queue.grade(right(0.3), deadline_s=PATIENCE_S))
    await asyncio.sleep(0.1)
    leaving.cancel()

    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert told(await staying) is True


async def test_health_tells_the_layers_and_that_all_is_well(queue: GradeQueue) -> None:
    health = await queue.health()

    assert (health.workers, health.reasons) == (1, ())
    assert "process" in health.layers


async def test_a_closed_queue_lets_what_it_has_end_and_takes_no_more(opened: Opened) -> None:
    async with opened() as queue:
        in_hand = asyncio.create_task(queue.grade(right(0.3), deadline_s=PATIENCE_S))
        await until_it_has(queue, running=1, waiting=0)
        await queue.close()
        late = await queue.grade(right(), deadline_s=PATIENCE_S)
        (late_of_many,) = await queue.grade_many([right()], deadline_s=PATIENCE_S)
        health = await queue.health()

    assert told(await in_hand) is True
    assert [type(late), type(late_of_many)] == [GradingFailed, GradingFailed]
    assert "the grading queue is closed" in health.reasons
