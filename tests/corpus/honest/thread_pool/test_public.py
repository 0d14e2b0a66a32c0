import pytest
from solution import first_failure, squares, timed


def test_map():
    assert squares(range(10)) == [value * value for value in range(10)]


def test_error_of_a_future():
    assert first_failure([1, 2, 5]) == [2, 5, 10]
    with pytest.raises(ZeroDivisionError):
        first_failure([1, 0])


def test_timer():
    assert timed() is True
