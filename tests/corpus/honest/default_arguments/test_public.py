import pytest
from solution import configure, greet, options, remember


def test_mutable_default_is_kept_between_calls():
    assert remember(1) == [1]
    assert remember(2) == [1, 2]
    assert remember(3, []) == [3]


def test_positional_only_and_keyword_only():
    assert greet() == "Hello, world!"
    assert greet("Ada", "Hi", mark="?") == "Hi, Ada?"
    with pytest.raises(TypeError):
        greet(name="Ada")
    with pytest.raises(TypeError):
        greet("Ada", "Hi", "?")


def test_stars():
    arguments = [1, 2]
    assert options(*arguments, flag=True, **{"b": 2, "a": 1}) == ((1, 2), True, {"a": 1, "b": 2})
    assert options() == ((), False, {})


def test_missing_argument():
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        remember()


def test_merged():
    assert configure({"depth": 2}, extra=None) == {"depth": 2, "name": "default", "extra": None}
