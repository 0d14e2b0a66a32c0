"""Values as pydantic's default mode takes them, and the words it refuses them with."""

import math
from typing import Any

import pytest

from gateway.validation import (
    NotJson,
    NotText,
    Rule,
    Shape,
    Wrong,
    checked,
    decode_json,
    integer,
    number,
    text,
)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (7, 7),
        ("7", 7),
        (" 7 ", 7),
        ("7.0", 7),
        ("+7", 7),
        (7.0, 7),
        (True, 1),
        (2**70, 2**70),
        (-1, "greater_than_equal"),
        ("-1", "greater_than_equal"),
        (1.5, "int_from_float"),
        (math.inf, "finite_number"),
        (math.nan, "finite_number"),
        ("x", "int_parsing"),
        ("7.5", "int_parsing"),
        ("+-7", "int_parsing"),
        ("9" * 5000, "int_parsing"),
        ("\u0667", "int_parsing"),
        ([], "int_type"),
        (None, "int_type"),
    ],
)
def test_integers(value: Any, found: Any) -> None:
    read = integer(at_least=0)(value)

    assert (read.type if isinstance(read, Wrong) else read) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (2, 2.0),
        ("2.5", 2.5),
        (True, 1.0),
        (10**400, math.inf),
        (0, "greater_than"),
        (-1, "greater_than"),
        (math.nan, "greater_than"),
        ("soon", "float_parsing"),
        ({}, "float_type"),
    ],
)
def test_numbers(value: Any, found: Any) -> None:
    read = number(above=0.0)(value)

    assert (read.type if isinstance(read, Wrong) else read) == found


def test_all_problems_are_told_in_the_order_of_the_fields() -> None:
    shape = Shape(
        rules=(
            Rule(name="a", check=text(), required=True),
            Rule(name="b", check=text(max_length=1)),
        ),
        extra="forbid",
    )

    _, problems = checked(shape, {"c": 1, "b": "too long"}, loc=("body",))

    assert [(problem.type, problem.loc) for problem in problems] == [
        ("missing", ("body", "a")),
        ("string_too_long", ("body", "b")),
        ("extra_forbidden", ("body", "c")),
    ]


@pytest.mark.parametrize(
    ("raw", "position"),
    [("{", 1), ("", 0), ("[1,", 3), ('{"a" 1}', 5), ("nul", 0), ("{} x", 3)],
)
def test_what_is_no_json_says_where(raw: str, position: int) -> None:
    with pytest.raises(NotJson) as told:
        decode_json(raw)

    assert told.value.position == position


def test_json_that_only_python_takes_is_taken() -> None:
    assert math.isnan(decode_json('{"a": NaN}')["a"])
    assert decode_json('{"a": 1e400}') == {"a": math.inf}


@pytest.mark.parametrize("raw", ['"\\ud800"', "[" * 100_000, b'"\xff\xfe\x00"'])
def test_what_could_never_be_answered_is_refused(raw: str | bytes) -> None:
    with pytest.raises((NotJson, NotText)):
        decode_json(raw)
