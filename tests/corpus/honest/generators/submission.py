# /// corpus
# entry_points = ["countdown", "naturals", "batches", "flatten", "failing", "echo"]
# ///
from itertools import count, islice


def countdown(start):
    while start:
        yield start
        start -= 1


def naturals():
    yield from count(1)


def batches(values, size):
    values = iter(values)
    while batch := list(islice(values, size)):
        yield batch


def flatten(tree):
    for branch in tree:
        if isinstance(branch, list):
            yield from flatten(branch)
        else:
            yield branch


def failing():
    yield 1
    raise ValueError("no second")


def echo():
    heard = yield "ready"
    while heard is not None:
        heard = yield heard * 2
