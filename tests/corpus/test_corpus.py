"""The corpus against a real sandbox: what cheats gains nothing, what is honest passes."""

from collections.abc import Iterator

import pytest

from sandbox.process import ProcessSandbox
from tests.corpus.outside import Outside, descendants
from tests.corpus.play import Table
from tests.corpus.programs import Honest, Hostile, read_honest, read_hostile


@pytest.fixture(scope="module", name="table")
def started_table() -> Iterator[Table]:
    with Outside() as outside:
        with ProcessSandbox(concurrency=2) as sandbox:
            yield Table(sandbox, outside)
        assert descendants(outside.server_pid) <= {outside.victim_pid}


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(read_hostile()) >= 80
    assert len(read_honest()) >= 40


@pytest.mark.parametrize("program", read_hostile(), ids=lambda program: program.name)
def test_a_hostile_program_gains_nothing(program: Hostile, table: Table) -> None:
    assert table.play_hostile(program).complaints == ()


@pytest.mark.parametrize("program", read_honest(), ids=lambda program: program.name)
def test_an_honest_submission_passes(program: Honest, table: Table) -> None:
    assert table.play_honest(program).complaints == ()
