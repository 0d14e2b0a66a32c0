# /// corpus
# entry_points = ["collect", "each", "call_with", "nested"]
# ///


def collect(source, sink):
    for value in source:
        sink(value)


def each(values, action):
    for value in values:
        action(value)
    return values


def call_with(function, *args, **kwargs):
    return function(*args, **kwargs)


def nested(function):
    return function(lambda value: value + 1)
