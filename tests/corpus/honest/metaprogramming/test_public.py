import pytest
from solution import described, evaluated, fields_of, made, plugins


def test_descriptors():
    assert fields_of("3", 4.9) == (12, ["count", "price"])


def test_registry():
    assert plugins("ab cd") == {"upper": "AB CD", "title": "Ab Cd"}


def test_made():
    assert made("Thing", value=21) == (42, "Thing")


def test_evaluated():
    assert evaluated("2 + 3 * 4") == 14
    with pytest.raises(ValueError):
        evaluated("__import__('os')")


def test_described():
    assert described() == ("(name, **fields)", None, "made")
