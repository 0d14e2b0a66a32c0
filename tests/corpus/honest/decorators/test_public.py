import pytest
from solution import area, divide, fibonacci, greet, increment


def test_cached_recursion():
    assert fibonacci(90) == 2880067194370816120


def test_retried():
    assert divide(4) == 4.0


def test_gives_up():
    with pytest.raises(ZeroDivisionError):
        divide(-1)


def test_dispatched_by_type():
    assert greet("Ada") == "Hello, Ada"
    assert greet(["Ada", "Bob"]) == "Hello, Ada and Bob"


def test_static_method_as_function():
    assert area(3, height=4) == 12


def test_partial():
    assert increment(41) == 42
