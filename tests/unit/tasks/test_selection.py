from collections import Counter
from pathlib import Path

import pytest

from tasks.catalogue import Catalogue, load
from tasks.selection import UnknownTask, Wish, matching_tasks, select
from tests.unit.tasks.task_folders import write_task


@pytest.fixture(name="catalogue")
def _catalogue(tmp_path: Path) -> Catalogue:
    for task_id, difficulty, split in [
        ("a", "easy", "train"),
        ("b", "hard", "test"),
        ("c", "easy", "test"),
    ]:
        write_task(tmp_path, task_id, difficulty=difficulty, split=split)
    return load([tmp_path])


@pytest.mark.parametrize(
    ("wish", "task_id"),
    [
        (Wish(), "syntax_fix_invoice_totals"),
        (Wish(task_id="b"), "b"),
        (Wish(task_id="b", seed=0, task_kind="syntax_fix", index=99), "b"),
        (Wish(task_kind="optimization"), "optimization_rank_active_users"),
        (Wish(task_kind="bug_fix"), "bug_fix_session_windows"),
        (Wish(difficulty="hard"), "optimization_rank_active_users"),
        (Wish(task_kind="bug_fix", difficulty="hard"), "b"),
        (Wish(split="test"), "c"),
        (Wish(split="test", index=1), "b"),
        (Wish(split="test", index=1, seed=0), "b"),
        (Wish(task_kind="bug_fix", seed=2), "c"),
        (Wish(seed=1), "bug_fix_session_windows"),
        (Wish(seed=-1), "b"),
    ],
)
def test_a_wish_means_one_task(catalogue: Catalogue, wish: Wish, task_id: str) -> None:
    assert select(catalogue, wish).id == task_id


def test_seeds_visit_every_task_equally_often(catalogue: Catalogue) -> None:
    counts = Counter(select(catalogue, Wish(seed=seed)).id for seed in range(60, 120))

    assert counts == dict.fromkeys(catalogue, 10)


def test_an_unknown_id_lists_what_exists(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownTask) as caught:
        select(catalogue, Wish(task_id="nope"))

    message = str(caught.value)
    assert "'nope'" in message
    assert all(task_id in message for task_id in catalogue)
    assert "bug_fix_session_windows (bug_fix, medium)" in message


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (Wish(task_kind="riddle"), "unknown task_kind 'riddle'; there are syntax_fix, bug_fix"),
        (Wish(difficulty="huge"), "unknown difficulty 'huge'; there are easy, medium, hard"),
        (Wish(split="dev"), "unknown split 'dev'; there are test, train"),
        (
            Wish(task_kind="optimization", difficulty="easy"),
            "no task has task_kind 'optimization' and difficulty 'easy'; the tasks are",
        ),
        (Wish(split="test", index=2), "index 2 is not below the 2 tasks"),
        (Wish(split="test", index=-1), "index -1 is not below the 2 tasks"),
    ],
)
def test_an_impossible_wish_says_what_exists(
    catalogue: Catalogue, wish: Wish, message: str
) -> None:
    with pytest.raises(UnknownTask, match=message):
        select(catalogue, wish)


def test_matching_tasks_keep_the_order_of_the_catalogue(catalogue: Catalogue) -> None:
    matching = matching_tasks(catalogue, Wish(task_kind="bug_fix"))

    assert [task.id for task in matching] == ["bug_fix_session_windows", "a", "c", "b"]
