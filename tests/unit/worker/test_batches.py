"""How the jobs of one caller are cut into chunks, and what becomes of each."""

import asyncio
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from graders.quality import analysis_grade
from sandbox.exam import Analysis
from tests.unit.worker.examples import job_of
from worker.messages import Graded, GradeJob, GradeReport, GradingFailed
from worker.queue import BatchAnswer, NoRoom, QueueFull
from worker.rq_batches import CHUNK_BYTES, CHUNKS_PER_WORKER, Batch, cut

DEADLINE_S = 10.0
GRADE = analysis_grade(Analysis())


def jobs_of(count: int, **changes: object) -> list[GradeJob]:
    return [replace(job_of(job_id=f"j{n}"), **changes) for n in range(count)]


def graded(job: GradeJob) -> Graded:
    return Graded(job_id=job.job_id, grade=GRADE)


def failed(job: GradeJob) -> GradingFailed:
    return GradingFailed(job_id=job.job_id, reason="as the test wants it")


class Workers:
    """Answers at once and remembers what it was asked; a subclass says how it fares."""

    def __init__(self) -> None:
        self.chunks: list[list[str]] = []
        self.alone: list[str] = []
        self.now_s = 0.0
        self.at_once = 0
        self.most_at_once = 0

    async def one(self, job: GradeJob, *, deadline_s: float) -> GradeReport:
        self.alone.append(job.job_id)
        return graded(job)

    async def many(
        self, jobs: Sequence[GradeJob], *, deadline_s: float
    ) -> Sequence[GradeReport | None]:
        self.chunks.append([job.job_id for job in jobs])
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        return self.reports(jobs)

    def reports(self, jobs: Sequence[GradeJob]) -> Sequence[GradeReport | None]:
        return [graded(job) for job in jobs]


async def answers_of(
    workers: Workers, jobs: Sequence[GradeJob], *, count: int = 1
) -> tuple[BatchAnswer, ...]:
    batch = Batch(
        jobs,
        workers=count,
        deadline_s=DEADLINE_S,
        ask_one=workers.one,
        ask_many=workers.many,
        clock=lambda: workers.now_s,
    )
    return await batch.run()


@pytest.mark.parametrize(
    ("jobs", "workers", "sizes"),
    [
        (0, 1, []),
        (1, 1, [1]),
        (5, 1, [3, 2]),
        (16, 1, [8, 8]),
        (20, 1, [8, 8, 4]),
        (8, 4, [1] * 8),
        (32, 4, [4] * 8),
        (256, 4, [8] * 32),
    ],
)
def test_chunks_are_bounded_and_leave_no_worker_without(
    jobs: int, workers: int, sizes: list[int]
) -> None:
    chunks = cut(jobs_of(jobs), workers=workers)

    assert [len(chunk) for chunk in chunks] == sizes
    assert [index for chunk in chunks for index in chunk] == list(range(jobs))


async def test_every_job_is_asked_once_and_answered_in_its_place() -> None:
    workers = Workers()
    jobs = jobs_of(37)

    answers = await answers_of(workers, jobs, count=2)

    assert answers == tuple(graded(job) for job in jobs)
    asked = [name for chunk in workers.chunks for name in chunk] + workers.alone
    assert sorted(asked) == sorted(job.job_id for job in jobs)
    assert workers.most_at_once == 2 * CHUNKS_PER_WORKER


async def test_a_job_that_would_be_alone_in_its_chunk_is_a_job_of_its_own() -> None:
    workers = Workers()

    await answers_of(workers, jobs_of(8), count=4)

    assert (workers.chunks, len(workers.alone)) == ([], 8)


async def test_chunks_are_bounded_in_bytes() -> None:
    workers = Workers()

    await answers_of(workers, jobs_of(6, source="#" * (CHUNK_BYTES * 2 // 5)))

    assert [len(chunk) for chunk in workers.chunks] == [2, 2, 2]


async def test_what_was_not_begun_is_handed_over_by_itself_with_time_of_its_own() -> None:
    class Slow(Workers):
        def reports(self, jobs: Sequence[GradeJob]) -> Sequence[GradeReport | None]:
            self.now_s += DEADLINE_S
            return [graded(jobs[0]), *(None for _ in jobs[1:])]

    workers = Slow()
    jobs = jobs_of(10)

    assert await answers_of(workers, jobs) == tuple(graded(job) for job in jobs)
    assert [len(chunk) for chunk in workers.chunks] == [5, 5]
    assert sorted(workers.alone) == ["j1", "j2", "j3", "j4", "j6", "j7", "j8", "j9"]


async def test_a_job_that_failed_among_others_is_tried_alone() -> None:
    class Failing(Workers):
        def reports(self, jobs: Sequence[GradeJob]) -> Sequence[GradeReport | None]:
            return [failed(job) if job.job_id == "j3" else graded(job) for job in jobs]

    workers = Failing()
    jobs = jobs_of(16)

    answers = await answers_of(workers, jobs)

    assert answers == tuple(graded(job) for job in jobs)
    assert workers.alone == ["j3"]


async def test_jobs_whose_chunk_is_lost_are_tried_alone_and_one_that_fails_fails_alone() -> None:
    class Poisoned(Workers):
        async def one(self, job: GradeJob, *, deadline_s: float) -> GradeReport:
            return failed(job) if job.job_id == "j5" else graded(job)

        def reports(self, jobs: Sequence[GradeJob]) -> Sequence[GradeReport | None]:
            lost = any(job.job_id == "j5" for job in jobs)
            return [failed(job) if lost else graded(job) for job in jobs]

    jobs = jobs_of(16)

    answers = await answers_of(Poisoned(), jobs)

    assert [answer.job_id for answer in answers if answer == failed(jobs[5])] == ["j5"]
    assert sum(isinstance(answer, Graded) for answer in answers) == 15


async def test_a_chunk_that_used_up_its_time_is_not_tried_again() -> None:
    class Silent(Workers):
        def reports(self, jobs: Sequence[GradeJob]) -> Sequence[GradeReport | None]:
            self.now_s += DEADLINE_S
            return [failed(job) for job in jobs]

    workers = Silent()

    answers = await answers_of(workers, jobs_of(4))

    reasons = {answer.reason for answer in answers if isinstance(answer, GradingFailed)}
    assert reasons == {"the grading was not finished after 10 s"}
    assert workers.alone == []


async def test_behind_a_chunk_that_used_up_its_time_nothing_waits_as_long_again() -> None:
    class Silent(Workers):
        def reports(self, jobs: Sequence[GradeJob]) -> Sequence[GradeReport | None]:
            self.now_s += DEADLINE_S
            return [failed(job) for job in jobs]

    workers = Silent()

    answers = await answers_of(workers, jobs_of(64))

    assert len(answers) == 64
    assert all(isinstance(answer, GradingFailed) for answer in answers)
    assert len(workers.chunks) <= CHUNKS_PER_WORKER


async def test_a_full_queue_refuses_the_jobs_of_a_chunk_and_no_others() -> None:
    class Full(Workers):
        def reports(self, jobs: Sequence[GradeJob]) -> Sequence[GradeReport | None]:
            if jobs[0].job_id == "j0":
                raise QueueFull(1.5)
            return super().reports(jobs)

    workers = Full()
    jobs = jobs_of(16)

    answers = await answers_of(workers, jobs)

    refused = [answer for answer in answers if isinstance(answer, NoRoom)]
    assert refused == [NoRoom(job_id=name, retry_after_s=1.5) for name in workers.chunks[0]]
    assert sum(isinstance(answer, Graded) for answer in answers) == 16 - len(refused)
