import operator

import pytest
from solution import compose, find, fold, retry, sort_by, transform, visit


def test_key():
    assert sort_by(["bb", "a", "ccc"], key=len) == ["a", "bb", "ccc"]
    assert sort_by([3, 1, 2], key=lambda value: -value) == [3, 2, 1]


def test_compare():
    assert sort_by([1, 2, 3], compare=lambda one, other: other - one) == [3, 2, 1]


def test_built_in_functions():
    assert transform([1, -2], abs, str) == ["1", "2"]
    assert transform(["1", "2"], int) == [1, 2]


def test_visitor_that_remembers():
    seen = {}
    visit({"a": {"b": 1}, "c": 2}, seen.__setitem__)
    assert seen == {("a",): {"b": 1}, ("a", "b"): 1, ("c",): 2}


def test_closure():
    count = 0

    def counted(value):
        nonlocal count
        count += 1
        return value * count

    assert transform([10, 10], counted) == [10, 20]
    assert count == 2


def test_operator():
    assert fold(operator.mul, [1, 2, 3, 4], 1) == 24


def test_error_of_a_callback_caught_by_the_submission():
    tried = []

    def action(attempt):
        tried.append(attempt)
        if attempt < 2:
            raise KeyError(attempt)
        return "done"

    assert retry(action, 5) == "done"
    assert tried == [0, 1, 2]


def test_error_of_a_callback_comes_back():
    def action(attempt):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        retry(action, 2)


def test_callbacks_inside_a_dict():
    assert compose(3, {"double": lambda value: value * 2, "text": str}) == "6"


def test_default():
    assert find([-1, 0, 5]) == 5
    assert find([-1, 0, 5], predicate=lambda value: value == 0) == 0
    assert find([]) is None
