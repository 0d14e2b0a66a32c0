import math

from solution import digits, factorial, modular, negated, power


def test_thousand_digits():
    assert power(10, 1000) == 10**1000


def test_result_larger_than_text_may_be():
    assert power(7, 20_000) == 7**20_000


def test_factorial():
    assert factorial(500) == math.factorial(500)


def test_argument():
    assert negated(2**4096) == -(2**4096)
    assert negated(-(2**63)) == 2**63
    assert digits(10**3000 + 5) == 6


def test_modular():
    assert modular(3, 10**50, 10**9 + 7) == pow(3, 10**50, 10**9 + 7)
