"""Representations and differences are bounded, and say what a reader needs."""

from collections import Counter, OrderedDict, defaultdict, deque
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.guest.testing.difference import difference
from sandbox.guest.testing.representation import bounded_repr
from sandbox.guest.testing.verdict import capped

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.one_of(
        st.lists(inner),
        st.lists(inner).map(tuple),
        st.dictionaries(st.text() | st.integers(), inner),
        st.lists(inner).map(deque),
    ),
    max_leaves=15,
)
HANGS_S = 30
"""Far more than any of these takes, seconds; looking at everything would take minutes."""


class Point(NamedTuple):
    x: int


class Nameless:
    def __repr__(self) -> str:
        raise KeyError("x")


@given(PLAIN)
def test_a_small_value_is_shown_as_python_shows_it(value: object) -> None:
    assert bounded_repr(value, 10**6) == repr(value)


@given(PLAIN, st.integers(1, 200))
def test_a_representation_never_grows_far_beyond_its_limit(value: object, limit: int) -> None:
    assert len(bounded_repr(value, limit)) < 12 * (limit + 40)


@pytest.mark.parametrize(
    "value",
    [
        set(),
        frozenset(),
        frozenset({1}),
        (1,),
        (),
        deque([1], maxlen=3),
        deque(),
        Counter({"a": 1}),
        Counter(),
        defaultdict(list, a=[1]),
        range(3),
        Point(1),
        {1: {2: (3, [4])}},
    ],
)
def test_every_plain_type_is_shown_as_python_shows_it(value: object) -> None:
    assert bounded_repr(value) == repr(value)


def test_sets_of_one_kind_are_sorted() -> None:
    assert bounded_repr({3, 1, 2, 100, 50}) == "{1, 2, 3, 50, 100}"
    assert bounded_repr({"b", "a", "c"}) == "{'a', 'b', 'c'}"


def test_an_ordered_dict_keeps_its_order() -> None:
    assert bounded_repr(OrderedDict(b=1, a=2)) == "OrderedDict({'b': 1, 'a': 2})"


def test_what_is_left_out_is_counted() -> None:
    assert bounded_repr(list(range(1000)), 20) == "[0, 1, 2, 3, 4, 5, 6, … 993 more]"
    assert bounded_repr("x" * 1000, 30) == f"'{'x' * 30}'… 970 more characters"


def test_an_int_python_refuses_to_print_is_measured() -> None:
    assert bounded_repr([1 << 20000]) == "[<int of 20001 bits>]"


def test_a_repr_that_raises_is_named() -> None:
    assert bounded_repr([Nameless()]) == "[<Nameless whose repr raised KeyError>]"


def test_a_value_that_holds_itself_ends() -> None:
    value: list[Any] = []
    value.append(value)

    assert "..." in bounded_repr(value)


@pytest.mark.timeout(HANGS_S)
@pytest.mark.parametrize(
    ("value", "other"),
    [
        (list(range(2_000_000)), list(range(2_000_001))),
        ({i: i for i in range(500_000)}, {i: -i for i in range(500_000)}),
        (set(range(500_000)), set(range(1, 500_000))),
        ("x" * 20_000_000, "x" * 19_999_999 + "y"),
        ("x\n" * 1_000_000, "y\n" * 1_000_000),
        ([["y" * 1000] * 1000] * 1000, [["z" * 1000] * 1000] * 1000),
        ([list(range(100_000))] * 50, [list(range(100_001))] * 50),
        (list(range(9000)), list(range(9000, 0, -1))),
    ],
    ids=["list", "dict", "set", "str", "lines", "nested", "lists", "reversed"],
)
def test_large_values_cost_little(value: object, other: object) -> None:
    text = bounded_repr(value)
    lines = difference(value, other)

    assert len(text) < 5000
    assert sum(map(len, lines)) < 5000


@given(PLAIN, PLAIN)
def test_a_difference_is_always_short(actual: object, expected: object) -> None:
    lines = difference(actual, expected)

    assert len(lines) <= 40
    assert all(len(line) <= 2500 for line in lines)


@pytest.mark.parametrize(
    ("actual", "expected", "lines"),
    [
        ([1], (1,), ["types differ: list is not tuple"]),
        ([1, 2, 3], [1, 5, 3], ["at [1]: 2, expected 5"]),
        (
            [1, 2],
            [1, 2, 3],
            ["lengths differ: 2 items, expected 3", "missing from the end: [3]"],
        ),
        (
            [1, 2, 3],
            [1],
            ["lengths differ: 3 items, expected 1", "unexpected at the end: [2, 3]"],
        ),
        (
            [2, 1],
            [1, 2],
            [
                "at [0]: 2, expected 1",
                "at [1]: 1, expected 2",
                "the items are the same, in another order",
            ],
        ),
        ([{"a": [1, 2]}], [{"a": [1, 3]}], ["at [0]['a'][1]: 2, expected 3"]),
        ({1, 2}, {2, 3}, ["missing: {3}", "unexpected: {1}"]),
        (
            {"a": 1, "b": 2},
            {"a": 2, "c": 3},
            ["missing keys: ['c']", "unexpected keys: ['b']", "at ['a']: 1, expected 2"],
        ),
        ("ab", "ac", []),
        ("AB", "ab", ["the texts differ in upper and lower case alone"]),
        ("a b", "a  b ", ["the texts differ in white space alone"]),
        (
            "a\nb\nc",
            "a\nx\nc",
            ["lines, - expected, + actual:", "@@ -1,3 +1,3 @@", " a", "-x", "+b", " c"],
        ),
        (5, 6, []),
        (
            list(range(10)),
            [-1] * 10,
            [
                "at [0]: 0, expected -1",
                "at [1]: 1, expected -1",
                "at [2]: 2, expected -1",
                "at [3]: 3, expected -1",
                "… 6 more indexes differ",
            ],
        ),
    ],
)
def test_a_difference_says_where(actual: object, expected: object, lines: list[str]) -> None:
    assert difference(actual, expected) == lines


def test_a_long_text_shows_where_it_parts() -> None:
    actual, expected = "a" * 50 + "b" + "c" * 50, "a" * 50 + "x" + "c" * 49

    shown, wanted = "a" * 30 + "b" + "c" * 29, "a" * 30 + "x" + "c" * 29

    lines = difference(actual, expected)

    assert lines == [
        f"texts part at index 50: …'{shown}'…, expected …'{wanted}'…",
        "lengths differ: 101 characters, expected 100",
    ]


def test_objects_that_are_not_plain_are_never_compared() -> None:
    class Asked:
        def __eq__(self, other: object) -> bool:
            raise AssertionError

        __hash__ = None  # type: ignore[assignment]

    assert difference([Asked()], [Asked()]) == []


def test_a_cut_text_says_how_much_was_cut() -> None:
    assert capped("x" * 2000) == "x" * 2000

    text = capped("x" * 2500)

    assert 1990 < len(text) <= 2000
    assert text.endswith(f"… [{2500 - text.count('x')} characters cut]")
