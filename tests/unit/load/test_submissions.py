"""What is handed in, and in which order."""

from collections import Counter

from load.submissions import KINDS, drawn, submissions_for
from tasks.catalogue import load

TASKS = load()


def test_every_task_has_every_kind_and_each_name_stands_for_one_submission() -> None:
    submissions = submissions_for(TASKS, variants=2)

    pairs = {(submission.task_id, submission.kind) for submission in submissions}
    assert pairs == {(task_id, kind) for task_id in TASKS for kind in KINDS}
    assert len({submission.name for submission in submissions}) == len(submissions)


def test_solutions_are_the_references_and_those_that_sleep() -> None:
    solutions = [
        s.name.rpartition("/")[2] for s in submissions_for(TASKS, variants=9) if s.is_solution
    ]

    assert set(solutions) == {"reference", "sleeping_reference"}
    assert solutions.count("reference") == len(TASKS)


def test_the_draw_follows_the_mix_and_repeats_by_its_seed() -> None:
    submissions = submissions_for(TASKS, variants=2)
    kinds = {submission.name: submission.kind for submission in submissions}

    turns = drawn(submissions, mix={"right": 3, "hostile": 1}, count=400, seed=1)

    counted = Counter(kinds[turn.submission] for turn in turns)
    assert set(counted) == {"right", "hostile"}
    assert 240 < counted["right"] < 360
    assert [turn.number for turn in turns] == list(range(400))
    assert turns == drawn(submissions, mix={"right": 3, "hostile": 1}, count=400, seed=1)
    assert turns != drawn(submissions, mix={"right": 3, "hostile": 1}, count=400, seed=2)
