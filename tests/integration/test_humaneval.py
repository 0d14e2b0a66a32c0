"""HumanEval: canonical solutions solve every problem, and `return None` solves none."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.exam import Exam
from sandbox.process import ProcessSandbox
from tests.humaneval_adapter import NOTHING, Problem, exam_of, problems


@pytest.fixture(scope="module", name="sandbox")
def started_sandbox() -> Iterator[ProcessSandbox]:
    with ProcessSandbox(concurrency=2) as sandbox:
        yield sandbox


def solved(sandbox: ProcessSandbox, exams: dict[str, Exam]) -> set[str]:
    def passes(exam: Exam) -> bool:
        report = sandbox.run(exam)
        assert not report.collection_error
        return all(record.passed for record in report.tests) and bool(report.tests)

    with ThreadPoolExecutor(2) as pool:
        return {
            name
            for name, passed in zip(exams, pool.map(passes, exams.values()), strict=True)
            if passed
        }


def test_there_are_164() -> None:
    assert len(problems()) == 164


def test_the_tests_are_unmodified() -> None:
    def source_of(problem: Problem) -> str:
        return exam_of(problem, body=problem.canonical_solution).test_files[0].source

    assert all(problem.test in source_of(problem) for problem in problems())


def test_canonical_solutions_solve_all(sandbox: ProcessSandbox) -> None:
    exams = {
        problem.task_id: exam_of(problem, body=problem.canonical_solution) for problem in problems()
    }

    assert set(exams) - solved(sandbox, exams) == set()


def test_returning_none_solves_none(sandbox: ProcessSandbox) -> None:
    exams = {problem.task_id: exam_of(problem, body=NOTHING) for problem in problems()}

    assert solved(sandbox, exams) == set()
