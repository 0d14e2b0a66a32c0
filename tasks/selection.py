"""Chooses the task of an episode."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from tasks.task import Difficulty, Task, TaskKind


class UnknownTask(Exception):
    """No task is what the caller asked for; the message lists what exists."""


class Wish(Struct, frozen=True, kw_only=True):
    """What the caller wants; None means no matter.

    `task_id` names one task. Otherwise `task_kind`, `difficulty` and `split` narrow the choice, and
    of what is left `index` counts from 0, else `seed` picks, else the first is taken.
    """

    task_id: str | None = None
    task_kind: str | None = None
    difficulty: str | None = None
    split: str | None = None
    index: int | None = None
    seed: int | None = None


def select(tasks: Mapping[str, Task], wish: Wish) -> Task:
    """Return the task a wish means: the same one every time for the same wish and catalogue.

    Consecutive seeds visit the tasks in turn, so that any run of seeds is spread evenly.

    Raises:
        UnknownTask: If there is none.
    """
    if wish.task_id is not None:
        return _by_id(tasks, wish.task_id)
    matching = matching_tasks(tasks, wish)
    if not matching:
        raise UnknownTask(f"no task has {_described(wish)}; {_what_exists(tasks)}")
    if wish.index is not None:
        if not 0 <= wish.index < len(matching):
            raise UnknownTask(
                f"index {wish.index} is not below the {len(matching)} tasks that match, or negative"
            )
        return matching[wish.index]
    if wish.seed is not None:
        return matching[wish.seed % len(matching)]
    return matching[0]


def matching_tasks(tasks: Mapping[str, Task], wish: Wish) -> tuple[Task, ...]:
    """Return the tasks of the wished kind, difficulty and split, in catalogue order.

    Raises:
        UnknownTask: If there is no such kind, difficulty or split at all.
    """
    known = {
        "task_kind": [kind.value for kind in TaskKind],
        "difficulty": [difficulty.value for difficulty in Difficulty],
        "split": sorted({task.split for task in tasks.values()}),
    }
    for name, values in known.items():
        wished = getattr(wish, name)
        if wished is not None and wished not in values:
            raise UnknownTask(f"unknown {name} {wished!r}; there are {_listed(values)}")
    return tuple(
        task
        for task in tasks.values()
        if wish.task_kind in {None, task.kind.value}
        and wish.difficulty in {None, task.difficulty.value}
        and wish.split in {None, task.split}
    )


def _by_id(tasks: Mapping[str, Task], task_id: str) -> Task:
    task = tasks.get(task_id)
    if task is None:
        raise UnknownTask(f"unknown task_id {task_id!r}; {_what_exists(tasks)}")
    return task


def _described(wish: Wish) -> str:
    wished = {name: getattr(wish, name) for name in ("task_kind", "difficulty", "split")}
    return " and ".join(f"{name} {value!r}" for name, value in wished.items() if value is not None)


def _what_exists(tasks: Mapping[str, Task]) -> str:
    shown = [f"{task.id} ({task.kind.value}, {task.difficulty.value})" for task in tasks.values()]
    return f"the tasks are {_listed(shown)}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
