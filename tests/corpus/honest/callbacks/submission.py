# /// corpus
# entry_points = ["sort_by", "transform", "visit", "fold", "retry", "compose", "find"]
# ///
from functools import cmp_to_key, reduce


def sort_by(values, key=None, compare=None):
    return sorted(values, key=cmp_to_key(compare) if compare else key)


def transform(values, function, *more):
    for step in (function, *more):
        values = [step(value) for value in values]
    return values


def visit(tree, visitor, path=()):
    for name, branch in tree.items():
        visitor((*path, name), branch)
        if isinstance(branch, dict):
            visit(branch, visitor, (*path, name))


def fold(function, values, start):
    return reduce(function, values, start)


def retry(action, times):
    for attempt in range(times):
        try:
            return action(attempt=attempt)
        except LookupError:
            continue
    return "gave up"


def compose(value, functions):
    for function in functions.values():
        value = function(value)
    return value


def find(values, predicate=lambda value: value > 0):
    return next(filter(predicate, values), None)
