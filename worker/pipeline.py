"""Grades one job: resolve the task, plan, run and analyse, judge."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from time import perf_counter
from typing import Final

from msgspec.structs import replace

from graders.grade import Grade
from graders.grader import ExamScope, Grader
from graders.quality import analysis_grade
from graders.registry import GRADERS
from sandbox.backend import Sandbox
from sandbox.exam import Analysis, Exam, ExamReport, Timing
from sandbox.outcome import SandboxUnavailable
from tasks.task import Task, TaskKind
from worker.messages import Graded, GradeJob, GradeReport, GradingFailed, Phases, TestsBroken
from worker.remembered import Remembered

SOURCES_KEPT: Final = 1024
"""How many sources' analyses, and how many timings, are remembered."""


class JobUnusable(Exception):
    """A job names no task this worker has; whoever made the job is to blame, not the submission."""


class Pipeline:
    """Grades jobs in the calling thread; several threads may call at once.

    An exam runs whether or not the source compiles: only the examiner knows how many tests there
    are. The analysis of a source not seen before runs beside the exam, so that it costs no latency;
    where the exam measures time it runs before, so that it costs no accuracy. A source is timed
    once: the same code is the same grade, and a second measurement would only add noise.

    Args:
        tasks: The tasks jobs may name.
        sandbox: Runs exams and analyses; closed by whoever made it.
        concurrency: How many threads call at once, at least 1.
        graders: One for each kind.
        sources_kept: How many analyses, and how many timings, are remembered.
        clock: Seconds, for the phases.
    """

    def __init__(
        self,
        *,
        tasks: Mapping[str, Task],
        sandbox: Sandbox,
        concurrency: int,
        graders: Mapping[TaskKind, Grader] = GRADERS,
        sources_kept: int = SOURCES_KEPT,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._tasks = tasks
        self._sandbox = sandbox
        self._graders = graders
        self._analyses: Remembered[Analysis] = Remembered(capacity=sources_kept)
        self._timings: Remembered[Timing] = Remembered(capacity=sources_kept)
        self._clock = clock
        self._threads = ThreadPoolExecutor(concurrency, thread_name_prefix="analysis")

    def grade(self, job: GradeJob) -> GradeReport:
        """Grade one job. Faults of ours are the value GradingFailed."""
        try:
            task = self._task_of(job)
            if job.scope == "analysis":
                return self._analysed(job)
            return self._examined(job, task, job.scope)
        except (SandboxUnavailable, JobUnusable) as fault:
            return GradingFailed(job_id=job.job_id, reason=str(fault))

    def close(self) -> None:
        """Release the threads once what runs in them has ended."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _task_of(self, job: GradeJob) -> Task:
        if job.inline_task is not None and job.task_id is None:
            return job.inline_task
        if job.inline_task is not None or job.task_id is None:
            raise JobUnusable("a job needs a task_id or an inline task, and not both")
        task = self._tasks.get(job.task_id)
        if task is None:
            raise JobUnusable(f"this worker has no task {job.task_id!r}")
        return task

    def _analysed(self, job: GradeJob) -> Graded:
        started_s = self._clock()
        analysis = self._analyses.get(job.source) or self._analyse(job.source)
        ran_s = self._clock()
        return self._graded(job, analysis_grade(analysis), started_s=started_s, ran_s=ran_s)

    def _examined(self, job: GradeJob, task: Task, scope: ExamScope) -> Graded | TestsBroken:
        grader = self._graders[task.kind]
        started_s = self._clock()
        exam = grader.plan(task, job.source, scope=scope, wall_limit_s=job.wall_limit_s)
        analysis, report = self._analysis_and_report(exam)
        ran_s = self._clock()
        if report.collection_error:
            return TestsBroken(job_id=job.job_id, reason=_why_broken(job, report))
        grade = grader.judge(task, scope=scope, analysis=analysis, report=report)
        return self._graded(job, grade, started_s=started_s, ran_s=ran_s)

    def _analysis_and_report(self, exam: Exam) -> tuple[Analysis, ExamReport]:
        known = self._analyses.get(exam.source)
        if known is None and exam.workload is not None:
            known = self._analyse(exam.source)
        if known is not None:
            return known, self._report(exam)
        coming: Future[Analysis] = self._threads.submit(self._analyse, exam.source)
        try:
            report = self._report(exam)
        except SandboxUnavailable:
            coming.cancel()
            raise
        return coming.result(), report

    def _report(self, exam: Exam) -> ExamReport:
        if exam.workload is None:
            return self._sandbox.run(exam)
        timed = f"{exam.workload}\0{exam.limits}\0{exam.source}"
        known = self._timings.get(timed)
        if known is None:
            report = self._sandbox.run(exam)
            if report.timing is not None:
                self._timings.put(timed, report.timing)
            return report
        report = self._sandbox.run(replace(exam, workload=None))
        solved = all(test.passed for test in report.tests)
        return replace(report, timing=known) if solved else report

    def _analyse(self, source: str) -> Analysis:
        analysis = self._sandbox.analyse(source)
        self._analyses.put(source, analysis)
        return analysis

    def _graded(self, job: GradeJob, grade: Grade, *, started_s: float, ran_s: float) -> Graded:
        phases = Phases(sandbox_s=ran_s - started_s, judge_s=self._clock() - ran_s)
        return Graded(job_id=job.job_id, grade=grade, phases=phases)


def _why_broken(job: GradeJob, report: ExamReport) -> str:
    """Return the reason; that of a catalogue's task may quote hidden tests and is not passed on."""
    if job.inline_task is not None:
        return report.collection_error
    return (
        f"the tests of {job.task_id!r} can not be collected; "
        f"its author finds out why with: python -m worker audit --task {job.task_id}"
    )
