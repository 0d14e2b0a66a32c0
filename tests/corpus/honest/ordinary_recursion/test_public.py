import math

import pytest
from solution import bottomless, factorial, hanoi, permutations


def test_default_limit_allows_nine_hundred_levels():
    assert factorial(900) == math.factorial(900)


def test_permutations():
    assert len(permutations([1, 2, 3, 4, 5])) == 120


def test_hanoi():
    assert len(hanoi(8)) == 255


def test_default_limit_is_a_limit():
    with pytest.raises(RecursionError):
        bottomless()
    assert factorial(5) == 120
