import pytest
from solution import count_suits, next_state, permissions


def test_state():
    assert next_state("idle") == "running"
    with pytest.raises(ValueError):
        next_state("lost")
    with pytest.raises(KeyError):
        next_state("done")


def test_flags():
    assert permissions(["WRITE"]) == ["WRITE"]
    assert permissions(["WRITE", "READ"]) == ["READ", "WRITE"]


def test_int_enum():
    assert count_suits([1, 2, 2]) == {"CLUBS": 1, "HEARTS": 2}
