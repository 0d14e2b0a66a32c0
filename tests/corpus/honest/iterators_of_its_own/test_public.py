import pytest

from solution import Countdown, Stack, first_of


def test_a_class_that_is_its_own_iterator():
    assert list(Countdown(3)) == [3, 2, 1]


def test_one_item_at_a_time():
    countdown = Countdown(2)
    assert next(countdown) == 2
    assert next(countdown) == 1
    with pytest.raises(StopIteration):
        next(countdown)


def test_in_a_loop():
    seen = [item for item in Countdown(2)]
    assert seen == [2, 1]


def test_another_name_for_a_class():
    stack = Stack()
    stack.push(1)
    assert stack.pop() == 1


def test_a_function_that_stops():
    assert first_of([7]) == 7
    with pytest.raises(StopIteration):
        first_of([])
