from msgspec.structs import replace

from sandbox.exam import Exam, ExamReport, Health, TestRecord
from sandbox.outcome import Finished, Usage
from sandbox.scripted import ScriptedSandbox
from worker.doctor import CONNECTING, LEAVING, RIGHT, WRONG, Symptom, doctor_lines, self_test

HEALTH = Health(backend="process", layers=("rlimits", "seccomp"), missing={"user": "not allowed"})


def examining(passes: dict[str, int]) -> ScriptedSandbox:
    def examine(exam: Exam) -> ExamReport:
        return ExamReport(
            tests=tuple(
                TestRecord(name=f"{n}", hidden=False, passed=n < passes[exam.source])
                for n in range(2)
            ),
            outcome=Finished(),
            usage=Usage(),
        )

    return ScriptedSandbox(examine=examine)


def test_a_sandbox_that_judges_rightly_is_well() -> None:
    sandbox = examining({RIGHT: 2, WRONG: 1, LEAVING: 0, CONNECTING: 0})

    symptoms = list(self_test(sandbox))

    assert [symptom.well for symptom in symptoms] == [True] * 4


def test_a_sandbox_that_passes_or_fails_everything_is_not_well() -> None:
    for count, wells in ((2, [True, False, False, False]), (0, [False, False, True, True])):
        sandbox = examining(dict.fromkeys((RIGHT, WRONG, LEAVING, CONNECTING), count))

        assert [symptom.well for symptom in self_test(sandbox)] == wells


def test_broken_self_tests_are_explained() -> None:
    sandbox = ScriptedSandbox(
        examine=lambda _exam: ExamReport(
            tests=(), outcome=Finished(), usage=Usage(), collection_error="no pytest"
        )
    )

    assert {symptom.remark for symptom in self_test(sandbox)} == {"no pytest"}


def test_the_doctor_names_layers_symptoms_and_refusals() -> None:
    well = Symptom(name="runs", expected=2, found=2, remark="Finished, 2 tests")
    unwell = replace(well, name="hides", found=0)

    lines = doctor_lines(HEALTH, [well, unwell], "landlock is missing")

    assert lines == [
        "backend: process",
        "in force  rlimits",
        "in force  seccomp",
        "missing   user: not allowed",
        "well      runs (2 passed, 2 expected; Finished, 2 tests)",
        "UNWELL    hides (0 passed, 2 expected; Finished, 2 tests)",
        "REFUSED   landlock is missing",
    ]
