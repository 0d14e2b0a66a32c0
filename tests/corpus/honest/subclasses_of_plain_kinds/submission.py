# /// corpus
# entry_points = ["celsius", "path_of", "tagged", "bag"]
# ///
from enum import IntEnum, StrEnum


class Celsius(float):
    def fahrenheit(self):
        return self * 9 / 5 + 32


class Name(str):
    pass


class Bag(dict):
    pass


class Level(IntEnum):
    LOW = 1


class Colour(StrEnum):
    RED = "red"


def celsius(value):
    return Celsius(value)


def path_of(*parts):
    return Name("/".join(parts))


def tagged():
    return [Level.LOW, Colour.RED]


def bag(**items):
    return Bag(items)
