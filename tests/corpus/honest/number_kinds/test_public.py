import math
from decimal import Decimal
from fractions import Fraction

import pytest
from solution import interest, kinds, powers, roots, same, shares


@pytest.mark.parametrize(
    "value",
    [0, -1, 2**70, True, False, 1.5, -0.0, 1e308, 5e-324, 2 + 3j, Decimal("1.10"), Fraction(1, 3), Decimal("-Infinity")],
)
def test_there_and_back(value):
    back = same(value)
    assert back == value
    assert type(back) is type(value)
    assert repr(back) == repr(value)


def test_not_a_number():
    assert math.isnan(same(math.nan))
    assert same(Decimal("NaN")).is_nan()
    assert same(math.inf) == math.inf
    assert math.copysign(1, same(-0.0)) == -1


def test_kinds_on_the_other_side():
    assert kinds([True, 1, 1.0, 1j, Decimal(1), Fraction(1)]) == ["bool", "int", "float", "complex", "Decimal", "Fraction"]


def test_decimal():
    assert interest("100.50", "3.5") == Decimal("3.52")
    assert str(interest("1", "50")) == "0.50"


def test_fraction():
    assert shares([1, 2, 3]) == [Fraction(1, 6), Fraction(1, 3), Fraction(1, 2)]


def test_complex():
    assert roots(1, 0, 1) == {1j, -1j}


def test_order_of_kinds():
    assert [type(value) for value in powers()] == [bool, int, float, complex, Decimal, Fraction]


def test_approx():
    assert sum([0.1] * 3) == pytest.approx(same(0.3))
    assert same([0.1 + 0.2, 1.0]) == pytest.approx([0.3, 1.0])
    assert same({"a": 0.1 + 0.2}) == pytest.approx({"a": 0.3})
