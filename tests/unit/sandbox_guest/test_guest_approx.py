"""`approx` agrees with pytest's own."""

import datetime
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.guest.testing.approximation import approx

NUMBERS = st.one_of(
    st.integers(-10, 10),
    st.floats(),
    st.booleans(),
    st.floats(-2, 2).map(lambda x: 1 + x * 1e-6),
    st.floats(-2, 2).map(lambda x: x * 1e-12),
    st.complex_numbers(max_magnitude=10),
    st.decimals(-3, 3, places=7),
    st.fractions(-2, 2, max_denominator=9),
)
SCALARS = NUMBERS | st.none() | st.text("ab", max_size=2) | st.binary(max_size=2)
TOLERANCES = st.none() | st.sampled_from(
    [0, 1e-6, 0.1, 1, -1, math.inf, math.nan, Decimal("0.01"), "x", datetime.timedelta(1)]
)
DAY = datetime.timedelta(days=1)
NOON = datetime.datetime(2024, 1, 1, 12, tzinfo=datetime.UTC)
TIMES = st.one_of(
    st.timedeltas(-DAY, DAY).map(lambda ahead: NOON + ahead),
    st.timedeltas(-DAY, DAY),
)
FLAT = st.one_of(
    st.lists(SCALARS, max_size=3),
    st.lists(SCALARS, max_size=3).map(tuple),
    st.dictionaries(st.sampled_from("abc"), SCALARS, max_size=3),
)
ANYTHING = st.one_of(
    SCALARS,
    FLAT,
    TIMES,
    st.sets(st.integers(0, 3)),
    st.lists(st.lists(st.integers(0, 1))),
    st.just(object),
    st.binary(max_size=2).map(bytearray),
    st.just(range(3)),
)


def answer(make: Any, actual: object, expected: object, options: dict[str, Any]) -> object:
    """Return what the comparison says, or what kind of error it raises."""
    try:
        return actual == make(expected, **options), make(expected, **options) == actual
    except Exception as error:  # noqa: BLE001 - any error must be the same error
        return type(error)


@pytest.mark.filterwarnings("ignore")
@given(
    ANYTHING,
    ANYTHING,
    st.fixed_dictionaries({}, optional={"rel": TOLERANCES, "abs": TOLERANCES}),
    st.booleans(),
)
def test_the_same_answer_as_pytest(
    actual: object, expected: object, options: dict[str, Any], nan_ok: bool
) -> None:
    options = {**options, "nan_ok": nan_ok}

    assert answer(approx, actual, expected, options) == answer(
        pytest.approx, actual, expected, options
    )


@pytest.mark.filterwarnings("ignore")
@given(FLAT, st.data())
def test_the_same_answer_for_values_that_lie_close(expected: Any, data: st.DataObject) -> None:
    def near(value: object) -> object:
        factor = data.draw(st.sampled_from([1, 1 + 5e-7, 1 + 2e-6, -1]))
        plain = isinstance(value, int | float | complex) and not isinstance(value, bool)
        return value * factor if plain else value  # type: ignore[operator]

    if isinstance(expected, dict):
        actual: object = {key: near(value) for key, value in expected.items()}
    else:
        actual = type(expected)(near(value) for value in expected)

    assert answer(approx, actual, expected, {}) == answer(pytest.approx, actual, expected, {})


@pytest.mark.parametrize("expected", [1, 0.3, 1e9, 3 + 4j, math.inf, True, None, "a", Decimal(2)])
def test_a_number_shows_its_tolerance_as_pytest_shows_it(expected: object) -> None:
    assert repr(approx(expected)) == repr(pytest.approx(expected))


@pytest.mark.parametrize("expected", [[1, 2.5], (1,), {"a": 3, "b": None}])
def test_a_group_shows_its_tolerances_as_pytest_shows_them(expected: object) -> None:
    assert repr(approx(expected)) == repr(pytest.approx(expected))


def test_a_fraction_is_a_number() -> None:
    assert Fraction(1, 3) == approx(1 / 3)


def test_mismatches_name_index_and_tolerance() -> None:
    assert approx([1.0, 2.0, 3.0]).mismatches([1.0, 2.5, 3.0]) == [
        "at [1]: 2.5, expected 2.0 ± 2.0e-06"
    ]
    assert approx({"a": 1.0}).mismatches({"b": 1.0}) == [
        "missing keys: ['a']",
        "unexpected keys: ['b']",
    ]
    assert approx([1.0]).mismatches([1.0, 2.0]) == ["lengths differ: 2 items, expected 1"]
    assert approx([1.0]).mismatches(None) == ["None is not within approx([1.0 ± 1.0e-06])"]
