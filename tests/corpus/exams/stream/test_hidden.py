from itertools import islice

import pytest
from solution import stream


def test_list():
    assert list(stream(2)) == [7919, 17389]


def test_slice():
    assert list(islice(stream(10**9), 2)) == [7919, 17389]


def test_sum():
    assert sum(stream(2)) == 25308


def test_end():
    values = stream(1)
    assert next(values) == 7919
    with pytest.raises(StopIteration):
        next(values)


def test_equal_to_list():
    assert stream(2) == [7919, 17389]


def test_member():
    assert 17389 in stream(2)


def test_dict():
    assert dict(stream(0)) == {"four": 2}
