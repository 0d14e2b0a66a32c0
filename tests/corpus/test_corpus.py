"""The corpus against a real sandbox: what cheats gains nothing, what is honest passes."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest

from sandbox.process import ProcessSandbox
from tests.corpus.outside import Outside, descendants
from tests.corpus.play import Table, failed_in, orphans_adopted, wrong_in
from tests.corpus.programs import (
    Honest,
    Hostile,
    honest_exam,
    hostile_exam,
    read_honest,
    read_hostile,
)

NEIGHBOURS: Final = (
    "confuse/frames_from_a_thread",
    "crash/closes_everything",
    "crash/segmentation_fault",
    "escape/signals_to_all",
    "escape/signals_to_others",
    "exhaust/busy_threads",
    "exhaust/disk_many_files",
    "exhaust/memory_in_threads",
    "exhaust/output_on_stdout",
    "exhaust/processes",
    "exhaust/threads_that_start_threads",
    "read/memory_of_others",
)
"""Programs that would disturb others if anything could."""


@pytest.fixture(scope="module", name="table")
def started_table() -> Iterator[Table]:
    before = descendants(os.getpid())
    with orphans_adopted(), Outside() as outside:
        with ProcessSandbox(concurrency=2) as sandbox:
            yield Table(sandbox, outside)
        assert descendants(os.getpid()) - before <= {outside.victim_pid}


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(read_hostile()) >= 80
    assert len(read_honest()) >= 40


@pytest.mark.parametrize("program", read_hostile(), ids=lambda program: program.name)
def test_a_hostile_program_gains_nothing(program: Hostile, table: Table) -> None:
    assert table.play_hostile(program).complaints == ()


@pytest.mark.parametrize("program", read_honest(), ids=lambda program: program.name)
def test_an_honest_submission_passes(program: Honest, table: Table) -> None:
    assert table.play_honest(program).complaints == ()


def test_neighbours_do_not_disturb_each_other() -> None:
    neighbours = [program for program in read_hostile() if program.name in NEIGHBOURS]
    assert len(neighbours) == len(NEIGHBOURS)

    with Outside() as outside, ProcessSandbox(concurrency=3) as sandbox:

        def cheat(program: Hostile) -> list[str]:
            exam = hostile_exam(program, token=outside.token, outside=outside.addresses())
            return wrong_in(sandbox.run(exam), program)

        with ThreadPoolExecutor(2) as pool:
            cheating = [pool.submit(cheat, program) for program in neighbours]
            disturbed = {
                program.name: complaints
                for program in read_honest()
                if (complaints := failed_in(sandbox.run(honest_exam(program))))
            }
            gained = [complaint for one in cheating for complaint in one.result()]

        assert outside.changes() == []
    assert disturbed == {}
    assert gained == []
