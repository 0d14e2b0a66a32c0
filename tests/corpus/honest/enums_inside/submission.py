# /// corpus
# entry_points = ["next_state", "permissions", "count_suits"]
# ///
from collections import Counter
from enum import Enum, Flag, IntEnum, auto


class State(Enum):
    IDLE = "idle"
    RUNNING = "running"
    DONE = "done"


class Right(Flag):
    READ = auto()
    WRITE = auto()


class Suit(IntEnum):
    CLUBS = 1
    HEARTS = 2


STEPS = {State.IDLE: State.RUNNING, State.RUNNING: State.DONE}


def next_state(name):
    return STEPS[State(name)].value


def permissions(names):
    rights = Right(0)
    for name in names:
        rights |= Right[name]
    return [right.name for right in Right if right in rights]


def count_suits(cards):
    return Counter(Suit(card).name for card in cards)
