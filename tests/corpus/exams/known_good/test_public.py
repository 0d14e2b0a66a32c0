import pytest

import solution
from solution import leftovers, thousandth_primes, tidy


def test_values():
    assert thousandth_primes(3) == [7919, 17389, 27449]


def test_in_place():
    words = ["b", "A", "c"]
    tidy(words)
    assert words == ["A", "b", "c"]


def test_exceptions():
    with pytest.raises(solution.Counterfeit):
        thousandth_primes(-1)


def test_nothing_is_left_of_others():
    assert leftovers() == (["note.txt"], [], 1)
