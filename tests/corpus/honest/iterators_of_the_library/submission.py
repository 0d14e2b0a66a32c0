# /// corpus
# entry_points = ["pairs", "squares", "backwards", "numbered", "chained"]
# ///
from itertools import chain, pairwise


def pairs(values):
    return pairwise(values)


def squares(values):
    return map(lambda value: value * value, values)


def backwards(values):
    return reversed(values)


def numbered(values):
    return enumerate(values, start=1)


def chained(*groups):
    return chain.from_iterable(groups)
