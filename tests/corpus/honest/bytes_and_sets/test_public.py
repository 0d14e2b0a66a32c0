import hashlib

import pytest
from solution import checksum, packed, powerset, primes, same, steps


@pytest.mark.parametrize(
    "value",
    [b"", bytes(range(256)), bytearray(b"\x00\xff"), set(), {1, "a", (2, 3)}, frozenset({1, 2}), range(0), range(10, 0, -3), (), (1,), [], [[]], {}, "", "\x00\n\u2603\U0001f600"],
)
def test_there_and_back(value):
    assert same(value) == value
    assert type(same(value)) is type(value)


def test_checksum():
    assert checksum(b"abc") == hashlib.sha256(b"abc").digest()


def test_set():
    assert primes(12) == {2, 3, 5, 7, 11}


def test_set_of_frozensets():
    assert powerset([1, 2]) == {frozenset(), frozenset({1}), frozenset({2}), frozenset({1, 2})}


def test_range():
    assert steps(0, 10, 3) == range(0, 10, 3)
    assert 9 in steps(0, 10, 3)
    assert list(steps(0, 10, 3)) == [0, 3, 6, 9]
    assert steps(0, 10**30, 7).stop == 10**30


def test_packed():
    assert packed(258) == (b"\x00\x00\x01\x02", bytearray(b"\x02\x01\x00\x00"), b"ab")
