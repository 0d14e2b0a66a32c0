import datetime
import enum
import zoneinfo
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from decimal import Decimal
from fractions import Fraction
from typing import Any, Self

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sandbox.guest.decoding import Decoder, builtin_type, refill, unpack_arguments
from sandbox.guest.encoding import Encoder
from sandbox.guest.nodes import Code, Malformed, Node, Unsendable, pack, unpack
from tests.unit.sandbox.plain_values import VALUES, shape

DEPTH = 40


def refuse(node: Node) -> Any:
    raise Malformed(f"no foreign objects here: {node!r}")


def nothing(value: Any) -> None:
    return None


def crossed(value: Any, *, depth: int = DEPTH) -> Any:
    """Send a value to the other side as a conversation does."""
    encoder = Encoder(depth, nothing)
    try:
        packed = pack(encoder.node(value))
    except (OverflowError, UnicodeEncodeError):
        encoder = Encoder(depth, nothing)
        encoder.exact = True
        packed = pack(encoder.node(value))
    return Decoder(depth, refuse).value(unpack(packed))


@settings(max_examples=500, deadline=None)
@given(VALUES)
@example([0.0, -0.0, float("nan"), float("inf"), complex(-0.0, float("nan"))])
@example({"a": 1, "b": [None, True, 1, 1.0, "1", b"1"]})
@example({1: "int", "1": "text", 1.5: "float", None: 0, (1, 2): 0, "": 0})
@example(defaultdict(None, {"a": 1}))
@example([2**63, -(2**63) - 1, 2**64 - 1, 2**64, 10**5000])
@example("\ud800 lone, \U0001f600 whole")
@example({"\udfff": "\ud800"})
def test_plain_data_arrives_as_it_was(value: Any) -> None:
    assert shape(crossed(value)) == shape(value)


@given(VALUES)
def test_two_mentions_of_a_container_stay_one(value: Any) -> None:
    shared = [value]

    first, second, holder = crossed([shared, shared, {"again": shared}])

    assert first is second is holder["again"]


@pytest.mark.parametrize(
    "kind", [list, deque, lambda: OrderedDict(a=0), Counter, lambda: defaultdict(list)]
)
def test_a_container_may_hold_itself(kind: Any) -> None:
    looped = kind()
    if isinstance(looped, dict):
        looped["self"] = (looped,)
        arrived = crossed(looped)
        inside = arrived["self"][0]
    else:
        looped.append((looped,))
        arrived = crossed(looped)
        inside = arrived[0][0]

    assert inside is arrived
    assert type(arrived) is type(looped)


class Money(int):
    def __add__(self, other: object) -> "Money":
        raise AssertionError("a submission's operators are never asked")

    __eq__ = __hash__ = __index__ = __int__ = __add__  # type: ignore[assignment]


class Colour(enum.IntEnum):
    RED = 1


class Loud(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "louder"


class Sneaky(bytearray):
    def __bytes__(self) -> bytes:
        return b"other"


class Liar(list[int]):
    def __iter__(self) -> Any:
        return iter([1, 2, 3])

    def __len__(self) -> int:
        return 3


class Chameleon(dict[str, int]):
    def items(self) -> Any:
        return [("other", 0)]

    keys = values = __iter__ = items


class Moment(datetime.datetime):
    def __new__(cls, _text: str) -> Self:
        return super().__new__(cls, 2024, 2, 29, 1, 2, 3, 4, datetime.UTC, fold=1)


Point = namedtuple("Point", "x y")  # noqa: PYI024 - what submissions use


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Money(5), 5),
        (Colour.RED, 1),
        (Loud("quiet"), "quiet"),
        (Sneaky(b"real"), bytearray(b"real")),
        (Liar([4]), [4]),
        (Chameleon(real=1), {"real": 1}),
        (Moment("now"), datetime.datetime(2024, 2, 29, 1, 2, 3, 4, datetime.UTC, fold=1)),
        (Point(1, [2]), (1, [2])),
        (type("Own", (Decimal,), {"__str__": lambda self: "1"})("2.50"), Decimal("2.50")),
        (type("Own", (float,), {})(0.5), 0.5),
        (type("Own", (frozenset,), {})([1]), frozenset([1])),
        (type("Own", (deque,), {})([1], maxlen=2), deque([1], maxlen=2)),
        (type("Own", (Counter,), {})("aab"), Counter("aab")),
        (type("Own", (Fraction,), {})(1, 3), Fraction(1, 3)),
    ],
    ids=lambda one: type(one).__name__,
)
def test_an_instance_of_a_subclass_crosses_as_its_plain_base(value: Any, plain: Any) -> None:
    assert shape(crossed(value)) == shape(plain)


@pytest.mark.parametrize(
    "value",
    [object(), Ellipsis, NotImplemented, print, int, iter([]), memoryview(b""), lambda: None],
    ids=lambda one: type(one).__name__,
)
def test_anything_else_is_refused_by_the_name_of_its_type(value: Any) -> None:
    with pytest.raises(Unsendable, match=f"a {type(value).__name__} can not cross"):
        crossed([value])


@pytest.mark.parametrize(
    "zone", [zoneinfo.ZoneInfo.no_cache("UTC"), type("Own", (datetime.tzinfo,), {})()]
)
def test_time_zones_cross_where_they_have_a_name(zone: datetime.tzinfo) -> None:
    moment = datetime.datetime(2024, 1, 1, tzinfo=zone)
    if isinstance(zone, zoneinfo.ZoneInfo):
        assert crossed(moment).tzinfo.key == "UTC"
    else:
        with pytest.raises(Unsendable, match="a time zone of type Own"):
            crossed(moment)


def test_what_is_foreign_goes_through_the_sides_own_functions() -> None:
    token = object()
    encoder = Encoder(DEPTH, lambda value: ["token", 7] if value is token else None)

    node = encoder.node([token, 1])

    decoder = Decoder(DEPTH, lambda body: {"body": body})
    assert decoder.value(unpack(pack(node))) == [{"body": ["token", 7]}, 1]


@pytest.mark.parametrize("kind", [list, lambda inner: (inner,), lambda inner: {"a": inner}])
def test_nesting_is_capped_on_both_sides(kind: Any) -> None:
    value: Any = 0
    for _ in range(30):
        value = [value] if kind is list else kind(value)

    assert shape(crossed(value, depth=30)) == shape(value)
    with pytest.raises(Unsendable, match="deeper than 28 levels"):
        crossed(value, depth=28)
    with pytest.raises(Malformed, match="deeper than 20 levels"):
        Decoder(20, refuse).value(unpack(pack(Encoder(40, nothing).node(value))))


def test_a_failed_value_leaves_no_numbers_behind() -> None:
    encoder = Encoder(DEPTH, nothing)
    kept = [1]
    encoder.node(kept)

    with pytest.raises(Unsendable):
        encoder.node([[2], object()])
    encoder.forget(1)

    assert encoder.node([[3], kept]) == [[3], {int(Code.REFERENCE): 0}]


TREES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 2**64 - 1),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(["int", "UTC", "1/0", "-1", "Europe/Rome", "../etc", "2024-01-01", "NaN"]),
        st.binary(max_size=12),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=9),
        st.dictionaries(st.integers(-1, 25), inner, min_size=1, max_size=1),
        st.dictionaries(st.one_of(st.text(max_size=3), st.integers(0, 25)), inner, max_size=3),
    ),
    max_leaves=15,
)


@settings(max_examples=2000, deadline=None)
@given(TREES)
@example({int(Code.SURROGATES): 2**62})
@example({int(Code.BYTEARRAY): 2**62})
@example({int(Code.RANGE): [0, 1, 0]})
@example({int(Code.FRACTION): [1, 0]})
@example({int(Code.SET): [[1]]})
@example({int(Code.DICT): [[1], 2]})
@example({int(Code.DICT): [1]})
@example({int(Code.DEFAULT_DICT): ["eval", []]})
@example({int(Code.TIMEDELTA): [2**62, 2**62, 2**62]})
@example({int(Code.TIMEDELTA): [float("nan")]})
@example({int(Code.ZONE): "/etc/passwd"})
@example({int(Code.ZONE): 5})
@example({int(Code.DEQUE): [-1, []]})
@example({int(Code.REFERENCE): -1})
@example({int(Code.DECIMAL): "1e999999999999999999999"})
@example({int(Code.COMPLEX): ["", ""]})
@example({int(Code.DATETIME): [b"0123456789", 0, 0, 0, 0, 0, 0, 0, None]})
@example({int(Code.TIMEZONE): [10**15, "far"]})
def test_nonsense_is_malformed_and_nothing_else(tree: Node) -> None:
    try:
        Decoder(8, refuse).value(unpack(pack(tree)))
    except Malformed:
        return


@given(st.binary(max_size=40))
@example(b"\xdd\xff\xff\xff\xff")
@example(b"\x91" * 5000)
@example(b"\xd6\xff\x00\x00\x00\x00")
@example(b"\x81\x91\x01\x02")
@example(b"\xa1\xff")
def test_bytes_are_a_value_or_malformed(frame: bytes) -> None:
    try:
        Decoder(8, refuse).value(unpack(frame))
    except Malformed:
        return


@given(TREES)
def test_arguments_are_a_list_and_names_or_malformed(tree: Node) -> None:
    try:
        args, named = unpack_arguments(pack(tree), Decoder(8, refuse))
    except Malformed:
        return
    assert type(args) is list
    assert type(named) is dict


@pytest.mark.parametrize(
    ("container", "fresh"),
    [
        ([1, 2], [3]),
        (bytearray(b"ab"), bytearray(b"c")),
        (deque([1], maxlen=3), deque([2, 3], maxlen=3)),
        ({1, 2}, {3}),
        ({"a": 1}, {"b": 2}),
        (Counter("ab"), Counter({"c": -1})),
        (OrderedDict(a=1, b=2), OrderedDict(b=1, a=2)),
        (defaultdict(list, a=[1]), defaultdict(None, {"b": [2]})),
        (type("Own", (list,), {})([1]), [2, 3]),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_container_takes_new_contents_in_place(container: Any, fresh: Any) -> None:
    same = container

    refill(container, fresh)

    assert container is same
    assert list(container) == list(fresh)
    assert container == fresh


@pytest.mark.parametrize(
    ("container", "fresh"), [([1], (1,)), ({1}, [1]), ([1], 5), ({}, None), ((1,), (1,))]
)
def test_contents_of_another_kind_are_malformed(container: Any, fresh: Any) -> None:
    with pytest.raises(Malformed):
        refill(container, fresh)


def test_only_built_in_types_have_a_name_on_both_sides() -> None:
    assert builtin_type("dict") is dict
    for name in ("print", "no such", 5, None, "__import__"):
        with pytest.raises(Malformed):
            builtin_type(name)
