"""The corpus with a container for each candidate: what it earns is what it earns in processes."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
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
"""How often a program is played again alone, to tell a race or a busy machine from a fault."""
FORGED: Final = "passed, unsolved"
"""What `wrong_in` says of a test that must not have passed: found once, it stands."""


class Result(NamedTuple):
    """What an exam came to, but for what was measured."""

    outcome: str
    passed: frozenset[str]
    loaded: bool


def ends_of(program: Hostile | Honest) -> tuple[str, ...]:
    """Return the outcomes a program may end with now so and now so, wherever it runs."""
    return program.outcomes if isinstance(program, Hostile) and len(program.outcomes) > 1 else ()


def result_of(report: ExamReport, program: Hostile | Honest) -> Result:
    """Return what a report says that must be the same wherever the program ran."""
    passed = {short_name(test.name) for test in report.tests if test.passed}
    may = set(program.may_pass) if isinstance(program, Hostile) else set()
    told = tag_of(report)
    outcome = "any of its own" if told in ends_of(program) else told
    return Result(outcome, frozenset(passed - may), report.load_error is None)


def complaints_of(report: ExamReport, program: Hostile | Honest) -> list[str]:
    """Return what is wrong with a report by the program's own header."""
    if isinstance(program, Hostile):
        return wrong_in(report, program)
    return failed_in(report)


def play(sandbox: Sandbox, exam: Exam) -> ExamReport | SandboxUnavailable:
    """Hold one exam, or say that the sandbox gave way."""
    try:
        return sandbox.run(exam)
    except SandboxUnavailable as failed:
        return failed


def play_all(sandbox: Sandbox, exams: list[Exam]) -> list[ExamReport | SandboxUnavailable]:
    """Hold all exams, some at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(partial(play, sandbox), exams))


def what_differs(
    program: Hostile | Honest,
    here: ExamReport | SandboxUnavailable,
    there: ExamReport | SandboxUnavailable,
    seen_here: set[Result],
) -> str:
    """Say what is wrong with what a program earned there, nothing where all is well.

    Args:
        seen_here: What it was seen to earn here; a race may end now so and now so.
    """
    if isinstance(here, SandboxUnavailable) or isinstance(there, SandboxUnavailable):
        return f"not graded: {here if isinstance(here, SandboxUnavailable) else there}"
    seen_here.add(result_of(here, program))
    told = result_of(there, program)
    wrong = complaints_of(there, program)
    return str(wrong) if wrong else "" if told in seen_here else f"{told}, not {seen_here}"


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
        complaints: dict[str, str] = {}
        for program, exam, one, other in zip(programs, exams, here, there, strict=True):
            seen: set[Result] = set()
            wrong = what_differs(program, one, other, seen)
            for _ in range(TRIES):
                if wrong and FORGED not in wrong:
                    print(f"again: {program.name}: {wrong}")  # noqa: T201 - shown on failure
                    wrong = what_differs(
                        program, *(play(processes, exam), play(containers, exam)), seen
                    )
            if wrong:
                complaints[program.name] = wrong
        known_good = honest_exam(honest_from(FOLDER / "exams" / "known_good"))
        assert failed_in(containers.run(known_good)) == []
        assert outside.changes() == []
    print(f"{len(programs)} programs in containers took {took_s:.0f} s")  # noqa: T201 - a figure
    assert not complaints, "\n".join(f"{name}: {why}" for name, why in complaints.items())
