"""What is handed in under load: right, wrong, slow and hostile code for every task. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Final, Literal, TypeAlias, get_args

from msgspec import Struct

from tasks.task import Task, TaskKind

Kind: TypeAlias = Literal["right", "wrong", "slow", "hostile"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
Mix: TypeAlias = Mapping[Kind, int]
"""How many of each kind, in proportion."""
SLEEP_S: Final = 0.05
"""How long a right but slow submission sleeps in every call, seconds."""
_SLOW: Final = """{reference}

import time

_quick = {name}


def {name}(*args, **kwargs):
    time.sleep({sleep_s})
    return _quick(*args, **kwargs)
"""
_ENDLESS: Final = """while True:
    pass
"""


class Submission(Struct, frozen=True, kw_only=True):
    """Code that is handed in, and what is known of it without running it.

    `max_score` is the highest score it may get in the end. `is_timed` says that its run time
    counts, which differs a little from one grading to the next.
    """

    name: str
    kind: Kind
    task_id: str
    code: str
    max_score: float
    max_steps: int
    is_timed: bool
    is_solution: bool


class Turn(Struct, frozen=True, kw_only=True):
    """One episode that is to be played."""

    number: int
    submission: str


def submissions_for(tasks: Mapping[str, Task], *, variants: int) -> tuple[Submission, ...]:
    """Return what there is to hand in, by task and kind.

    Args:
        tasks: The catalogue.
        variants: How many wrong, slow and hostile ones of each task at most.
    """
    made: list[Submission] = []
    for task in tasks.values():
        made.append(_submission(task, "right", "reference", task.reference, solves=True))
        made += list(_canaries(task, "wrong", "wrong_"))[:variants]
        made += (list(_canaries(task, "slow", "slow_")) or [_sleeping(task)])[:variants]
        made += list(_canaries(task, "hostile", "cheat_"))[:variants]
    easiest = next(iter(tasks.values()))
    made.append(_submission(easiest, "hostile", "endless", _ENDLESS, max_score=0.0))
    return tuple(made)


def drawn(
    submissions: Sequence[Submission], *, mix: Mix, count: int, seed: int
) -> tuple[Turn, ...]:
    """Draw `count` episodes: first the kind by the mix, then evenly one of that kind."""
    dice = Random(seed)  # noqa: S311 - a seeded draw that can be made again
    by_kind = {kind: [s.name for s in submissions if s.kind == kind] for kind in KINDS}
    kinds = dice.choices(KINDS, weights=[mix.get(kind, 0) for kind in KINDS], k=count)
    return tuple(
        Turn(number=number, submission=dice.choice(by_kind[kind]))
        for number, kind in enumerate(kinds)
    )


def _canaries(task: Task, kind: Kind, prefix: str) -> Iterator[Submission]:
    for canary in task.canaries:
        if canary.name.startswith(prefix):
            yield _submission(task, kind, canary.name, canary.source, max_score=canary.max_score)


def _sleeping(task: Task) -> Submission:
    code = _SLOW.format(reference=task.reference, name=task.entry_points[0], sleep_s=SLEEP_S)
    return _submission(task, "slow", "sleeping_reference", code, solves=True)


def _submission(
    task: Task, kind: Kind, name: str, code: str, *, max_score: float = 1.0, solves: bool = False
) -> Submission:
    return Submission(
        name=f"{task.id}/{name}",
        kind=kind,
        task_id=task.id,
        code=code,
        max_score=max_score,
        max_steps=task.max_steps,
        is_timed=task.kind is TaskKind.OPTIMIZATION,
        is_solution=solves,
    )
