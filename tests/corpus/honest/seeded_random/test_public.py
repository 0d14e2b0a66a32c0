import random

import pytest
from solution import estimate, rolls, shuffled, unique


def test_shuffled():
    expected = list(range(10))
    random.Random(5).shuffle(expected)
    assert shuffled(range(10), 5) == expected


def test_rolls():
    assert rolls(5, 7) == rolls(5, 7)
    assert set(rolls(200, 1)) == {1, 2, 3, 4, 5, 6}


def test_estimate():
    assert estimate(20_000) == pytest.approx(3.14, abs=0.05)


def test_unique():
    assert unique(50) == 100
