# /// corpus
# entry_points = ["bounds", "by_name", "typed"]
# ///
from collections import namedtuple
from typing import NamedTuple

Bounds = namedtuple("Bounds", "low high")


class Reading(NamedTuple):
    name: str
    value: float = 0.0


def bounds(values):
    return Bounds(min(values), high=max(values))


def by_name(pairs):
    return {reading.name: reading for reading in (Reading(*pair) for pair in pairs)}


def typed(values):
    low, high = bounds(values)
    return [Reading("low", low)._replace(value=low + 1), Reading("high", high)]
