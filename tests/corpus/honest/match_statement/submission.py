# /// corpus
# entry_points = ["evaluate", "describe", "classify"]
# ///
from dataclasses import dataclass


@dataclass
class Number:
    value: float


@dataclass
class Sum:
    left: object
    right: object


def build(tree):
    match tree:
        case int() | float():
            return Number(tree)
        case ["+", left, right]:
            return Sum(build(left), build(right))
        case _:
            raise SyntaxError(f"what is {tree!r}?")


def value_of(node):
    match node:
        case Number(value=value):
            return value
        case Sum(left, right):
            return value_of(left) + value_of(right)


def evaluate(tree):
    return value_of(build(tree))


def describe(event):
    match event:
        case {"type": "click", "at": (x, y), **rest}:
            return f"click at {x},{y}" + (f" with {sorted(rest)}" if rest else "")
        case {"type": "key", "key": str(key)} if len(key) == 1:
            return f"key {key}"
        case []:
            return "nothing"
        case [only]:
            return f"one: {describe(only)}"
        case [first, *others]:
            return f"{describe(first)} and {len(others)} more"
        case None | False:
            return "empty"
        case _:
            return "unknown"


def classify(number):
    match number:
        case 0:
            return "zero"
        case int(n) if n < 0:
            return "negative"
        case float("inf"):
            return "never"
        case _:
            return "positive"
