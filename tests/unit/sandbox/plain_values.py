"""Every kind of plain data, and what is told apart about it."""

import datetime
import zoneinfo
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

TEXT: Final = st.text(st.integers(0, 0x10FFFF).map(chr), max_size=8)
"""Lone surrogates included."""
BIG_INTS: Final = st.integers(-(10**30), 10**30)
ZONES: Final = st.one_of(
    st.none(),
    st.sampled_from([zoneinfo.ZoneInfo("Europe/Rome"), zoneinfo.ZoneInfo("UTC"), datetime.UTC]),
    st.builds(
        datetime.timezone,
        st.timedeltas(datetime.timedelta(hours=-23), datetime.timedelta(hours=23)),
    ),
    st.builds(
        datetime.timezone,
        st.timedeltas(datetime.timedelta(hours=-23), datetime.timedelta(hours=23)),
        TEXT,
    ),
)
HASHABLE_ATOMS: Final = st.one_of(
    st.none(),
    st.booleans(),
    BIG_INTS,
    st.floats(),
    st.complex_numbers(),
    TEXT,
    st.binary(max_size=8),
    st.builds(range, st.integers(), st.integers(), st.integers(1, 5)),
    st.decimals().filter(lambda one: not one.is_snan()),
    st.fractions(),
    st.dates(),
    st.times(timezones=ZONES),
    st.builds(
        datetime.datetime.replace,
        st.datetimes(timezones=ZONES, allow_imaginary=True),
        fold=st.integers(0, 1),
    ),
    st.timedeltas(),
    ZONES,
)
ATOMS: Final = st.one_of(
    HASHABLE_ATOMS,
    st.binary(max_size=8).map(bytearray),
    st.builds(slice, st.integers(), st.integers(), st.none()),
    st.just(Decimal("sNaN123")),
)
HASHABLE: Final = st.recursive(
    HASHABLE_ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple), st.frozensets(inner, max_size=3)
    ),
    max_leaves=4,
)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs = st.lists(st.tuples(HASHABLE, inner), max_size=3)
    named = st.lists(st.tuples(TEXT, inner), max_size=3)
    return st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=3).map(tuple),
        st.sets(HASHABLE, max_size=3),
        named.map(dict),
        pairs.map(dict),
        pairs.map(OrderedDict),
        pairs.map(lambda some: Counter(dict(some))),
        st.builds(deque, st.lists(inner, max_size=3), st.one_of(st.none(), st.integers(3, 9))),
        st.builds(
            defaultdict,
            st.sampled_from([None, int, list, dict, set, str]),
            pairs,
        ),
    )


VALUES: Final = st.recursive(ATOMS, _containers, max_leaves=12)


CONTAINERS: Final = (list, dict, set, bytearray, deque, Counter, OrderedDict, defaultdict)


def shape(value: Any) -> Any:
    """Return what makes two values the same: exact types, order, signs, sharing of containers."""
    return _shape(value, {})


def _shape(value: Any, met: dict[int, int]) -> Any:
    kind = type(value)
    if kind in CONTAINERS:
        if id(value) in met:
            return ("met", met[id(value)])
        met[id(value)] = len(met)
    return (kind, _facts(value, met))


def _facts(value: Any, met: dict[int, int]) -> Any:
    said: Any
    match value:
        case list() | tuple():
            said = [_shape(one, met) for one in value]
        case deque():
            said = (value.maxlen, [_shape(one, met) for one in value])
        case set() | frozenset():
            said = sorted((_shape(one, met) for one in value), key=repr)
        case dict():
            factory = getattr(value, "default_factory", None)
            said = (factory, [(_shape(key, met), _shape(one, met)) for key, one in value.items()])
        case datetime.datetime() | datetime.time():
            said = (repr(value.replace(tzinfo=None)), value.fold, _shape(value.tzinfo, met))
        case int():
            said = value
        case _:
            said = repr(value)
    return said
