"""What is counted, and how it is shown and shared out."""

from load.crowd import shared
from load.figures import figures_of
from load.records import Errand
from load.submissions import Turn
from load.table import table
from load.verdict import Verdict, verdict_of
from tests.unit.load.records_made import RIGHT, episode, steps


def test_what_was_not_heard_of_counts_as_lost() -> None:
    figures = figures_of([episode()], [Verdict()], {RIGHT.name: RIGHT}, wanted=3)

    assert (figures.ended, figures.lost) == (1, 2)
    assert not figures.is_clean


def test_figures_add_up_what_the_episodes_tell() -> None:
    wrong = episode(steps=steps(reward=0.5), faults={"queue full": 2}, sockets_lost=1, resumed=1)
    records = [episode(faults={"queue full": 1}), wrong]
    verdicts = [verdict_of(record, RIGHT, steps()) for record in records]

    figures = figures_of(records, verdicts, {RIGHT.name: RIGHT}, wanted=2)

    assert (figures.lost, figures.doubled, figures.wrong) == (0, 0, 1)
    assert figures.faults == {"queue full": 3}
    assert (figures.sockets_lost, figures.resumed) == (1, 1)
    assert figures.steps_per_s == 2.0
    assert figures.latencies["run_tests"].p99_s == 0.5
    assert figures.kinds["right"].successes == 2
    assert "reward is 0.5, not 0.75" in table(figures)
    assert table(figures).endswith("lost 0, doubled 0, wrong 1\n")


def test_no_record_at_all_is_told_without_a_figure() -> None:
    figures = figures_of([], [], {}, wanted=2)

    assert (figures.lost, figures.steps_per_s, figures.latencies) == (2, 0.0, {})


def test_an_errand_is_shared_out_whole() -> None:
    turns = tuple(Turn(number=number, submission="s") for number in range(10))
    errand = Errand(
        urls=("ws://a",),
        label="l",
        submissions=(),
        turns=turns,
        at_once=5,
        answer_s=1.0,
        step_s=1.0,
    )

    parts = shared(errand, 3)

    assert sorted(turn.number for part in parts for turn in part.turns) == list(range(10))
    assert sorted(part.at_once for part in parts) == [1, 2, 2]
    assert len(shared(errand, 20)) == 5
