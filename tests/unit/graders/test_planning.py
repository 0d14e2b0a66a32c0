import pytest
from msgspec.structs import replace

from graders.planning import shortened
from graders.registry import GRADERS
from sandbox.exam import Exam, TestFile, Workload
from sandbox.limits import DEFAULT_LIMITS
from tasks.task import TaskKind
from tests.unit.graders.examples import TASK, TIMED

PUBLIC = TestFile(name="test_public.py", source="the public tests", hidden=False)
HIDDEN = TestFile(name="test_hidden.py", source="the hidden tests", hidden=True)


def test_every_kind_has_a_grader() -> None:
    assert set(GRADERS) == set(TaskKind)


@pytest.mark.parametrize("kind", TaskKind)
def test_a_full_exam_has_public_tests_first(kind: TaskKind) -> None:
    exam = GRADERS[kind].plan(replace(TASK, kind=kind), "pass", scope="full")

    assert exam == Exam(
        source="pass",
        entry_points=("double", "Box"),
        exported_classes=("Box",),
        test_files=(PUBLIC, HIDDEN),
        program=kind is TaskKind.PROGRAM,
    )


@pytest.mark.parametrize("kind", TaskKind)
def test_a_public_exam_holds_nothing_hidden(kind: TaskKind) -> None:
    exam = GRADERS[kind].plan(replace(TASK, kind=kind), "pass", scope="public")

    assert exam.test_files == (PUBLIC,)


@pytest.mark.parametrize("scope", ["public", "full"])
def test_an_optimization_is_timed_against_its_reference(scope: str) -> None:
    exam = GRADERS[TaskKind.OPTIMIZATION].plan(
        TIMED, "pass", scope="full" if scope == "full" else "public"
    )

    assert exam.workload == Workload(
        source="the workload", reference=TASK.reference, entry_point="double", cost_ratio=16.0
    )


def test_files_without_text_are_left_out() -> None:
    exam = GRADERS[TaskKind.BUG_FIX].plan(replace(TASK, test_public=" \n"), "pass", scope="full")

    assert exam.test_files == (HIDDEN,)


def test_a_wall_limit_shortens_every_wall_limit() -> None:
    limits = shortened(DEFAULT_LIMITS, 0.5)

    assert limits == replace(DEFAULT_LIMITS, test_wall_s=0.5, exam_wall_s=0.5)


@pytest.mark.parametrize("wall_limit_s", [None, 10.0, 1000.0])
def test_a_wall_limit_never_lengthens_one(wall_limit_s: float | None) -> None:
    assert shortened(DEFAULT_LIMITS, wall_limit_s) == DEFAULT_LIMITS
