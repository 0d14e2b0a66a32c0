import pytest

from agents.task_list import ListedTask, UnknownTask, chosen_tasks

LISTED = (
    ListedTask(id="a", split="train"),
    ListedTask(id="b", split="test"),
    ListedTask(id="c", split="train"),
)


@pytest.mark.parametrize(
    ("wanted", "split", "chosen"),
    [
        ((), "", ("a", "b", "c")),
        ((), "train", ("a", "c")),
        (("c", "a"), "", ("c", "a")),
        (("c", "b"), "test", ("b",)),
        (("a", "a"), "", ("a", "a")),
    ],
)
def test_tasks_are_chosen_by_name_and_split(
    wanted: tuple[str, ...], split: str, chosen: tuple[str, ...]
) -> None:
    assert chosen_tasks(LISTED, wanted=wanted, split=split) == chosen


@pytest.mark.parametrize(
    ("wanted", "split", "told"),
    [
        (("x", "a", "y"), "", "no task x, y; there are: a, b, c"),
        ((), "dev", "no task in split 'dev'; there are: test, train"),
        (("b",), "train", "none of the tasks named is in split 'train'"),
    ],
)
def test_what_does_not_exist_is_told_with_what_does(
    wanted: tuple[str, ...], split: str, told: str
) -> None:
    with pytest.raises(UnknownTask, match=told):
        chosen_tasks(LISTED, wanted=wanted, split=split)


def test_a_server_without_a_list_is_believed_to_have_what_is_named() -> None:
    assert chosen_tasks(None, wanted=["x"], split="") == ("x",)
    with pytest.raises(UnknownTask, match="name them with --task"):
        chosen_tasks(None, wanted=[], split="")
