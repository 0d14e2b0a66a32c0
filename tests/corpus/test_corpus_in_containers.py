"""The corpus with a container for each candidate: what it earns is what it earns in processes."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import pytest

from sandbox.backend import Sandbox
from sandbox.exam import Exam, ExamReport
from sandbox.outcome import SandboxUnavailable
from sandbox.process import ProcessSandbox
from tests.containers import container_sandbox
from tests.corpus.outside import Outside
from tests.corpus.play import failed_in, short_name, tag_of, wrong_in
from tests.corpus.programs import (
    FOLDER,
    Honest,
    Hostile,
    honest_exam,
    honest_from,
    hostile_exam,
    read_honest,
    read_hostile,
)

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

AT_ONCE: Final = 3
WARM: Final = 6
TRIES: Final = 4
"""How often a program that ends now so and now so is played alone, here and there."""


class Result(NamedTuple):
    """What an exam came to, but for what was measured."""

    outcome: str
    passed: frozenset[str]
    loaded: bool


def result_of(report: ExamReport, program: Hostile | Honest) -> Result:
    """Return what a report says that must be the same wherever the program ran."""
    passed = {short_name(test.name) for test in report.tests if test.passed}
    may = set(program.may_pass) if isinstance(program, Hostile) else set()
    return Result(tag_of(report), frozenset(passed - may), report.load_error is None)


def complaints_of(report: ExamReport, program: Hostile | Honest) -> list[str]:
    """Return what is wrong with a report by the program's own header."""
    if isinstance(program, Hostile):
        return wrong_in(report, program)
    return failed_in(report)


def play_all(sandbox: Sandbox, exams: list[Exam]) -> list[ExamReport | SandboxUnavailable]:
    """Hold all exams, some at a time."""

    def play(exam: Exam) -> ExamReport | SandboxUnavailable:
        try:
            return sandbox.run(exam)
        except SandboxUnavailable as failed:
            return failed

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(play, exams))


def one_line(report: ExamReport | SandboxUnavailable) -> str:
    """Say in short what an exam came to."""
    return str(report) if isinstance(report, SandboxUnavailable) else tag_of(report)


def is_ever_the_same(
    play_here: Callable[[], Result], play_there: Callable[[], Result], there: Result
) -> bool:
    """Say whether a program that ended otherwise there also ends so here, or here and there so."""
    seen_here = {play_here() for _ in range(TRIES)}
    return there in seen_here or any(play_there() in seen_here for _ in range(TRIES))


def test_every_program_earns_in_containers_what_it_earns_in_processes(sandbox_image: str) -> None:
    programs: list[Hostile | Honest] = [*read_hostile(), *read_honest()]
    with (
        Outside() as outside,
        ProcessSandbox(concurrency=AT_ONCE) as processes,
        container_sandbox(sandbox_image, warm=WARM, concurrency=AT_ONCE) as containers,
    ):
        exams = [
            hostile_exam(one, token=outside.token, outside=outside.addresses())
            if isinstance(one, Hostile)
            else honest_exam(one)
            for one in programs
        ]
        here = play_all(processes, exams)
        began_s = time.monotonic()
        there = play_all(containers, exams)
        took_s = time.monotonic() - began_s
        complaints: dict[str, object] = {}
        for program, exam, one, other in zip(programs, exams, here, there, strict=True):
            if isinstance(one, SandboxUnavailable) or isinstance(other, SandboxUnavailable):
                complaints[program.name] = [one_line(one), one_line(other)]
            elif wrong := complaints_of(other, program):
                complaints[program.name] = wrong
            elif result_of(one, program) != (told := result_of(other, program)):
                play_here = lambda: result_of(processes.run(exam), program)  # noqa: E731, B023
                play_there = lambda: result_of(containers.run(exam), program)  # noqa: E731, B023
                if not is_ever_the_same(play_here, play_there, told):
                    complaints[program.name] = (result_of(one, program), told)
        known_good = honest_exam(honest_from(FOLDER / "exams" / "known_good"))
        assert failed_in(containers.run(known_good)) == []
        assert outside.changes() == []
    print(f"{len(programs)} programs in containers took {took_s:.0f} s")  # noqa: T201 - a figure
    assert not complaints, "\n".join(f"{name}: {why}" for name, why in complaints.items())
