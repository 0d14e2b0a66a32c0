"""Values to nodes: by value, with the exact type, and nothing else."""

import datetime
import zoneinfo
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeAlias

from sandbox.guest.nodes import ATOMS, FACTORIES, TEXT_KEYS, Code, Node, Unsendable

_INT64: Final = range(-(2**63), 2**64)
_TUPLE: Final = int(Code.TUPLE)
_REFERENCE: Final = int(Code.REFERENCE)
_FOREIGN: Final = int(Code.FOREIGN)
_MICROSECOND: Final = datetime.timedelta(microseconds=1)


class Encoder:
    """Turns values of one message into nodes.

    Args:
        depth: Deepest nesting allowed.
        foreign: Turns an object that is not plain data into a node; None where it can not.
        known: Objects the other side has already, in the order of their numbers.
    """

    def __init__(
        self, depth: int, foreign: Callable[[Any], Node], known: Iterable[Any] = ()
    ) -> None:
        self._depth = depth
        self._foreign = foreign
        self.objects: list[Any] = list(known)
        self._numbers = {id(one): number for number, one in enumerate(self.objects)}
        self._opened = 0
        self.exact = False

    def node(self, value: Any, depth: int = 0) -> Node:
        """Return the node of `value`."""
        kind = type(value)
        if kind in ATOMS:
            return value if not self.exact else _exact_atom(value)
        if depth > self._depth:
            raise Unsendable(f"a value nested deeper than {self._depth} levels can not cross")
        encode = _ENCODERS.get(kind)
        if encode is None:
            foreign = self._foreign(value)
            if foreign is not None:
                return {_FOREIGN: foreign}
            encode = _plain_ancestor(kind)
            if encode is None:
                raise Unsendable(
                    f"a {kind.__name__} can not cross: only plain data, iterators and instances "
                    "of the task's exported classes do"
                )
        return encode(self, value, depth + 1)

    def contents(self, value: Any) -> Node:
        """Return a node for what a known container holds now, in place of a reference to it."""
        self._opened = id(value)
        return self.node(value)

    def reference(self, value: Any) -> Node | None:
        """Return a reference when `value` was met before; else give it the next number."""
        key = id(value)
        number = self._numbers.get(key)
        if number is None:
            self._numbers[key] = len(self.objects)
        elif key != self._opened:
            return {_REFERENCE: number}
        self._opened = 0
        self.objects.append(value)
        return None

    def forget(self, count: int) -> None:
        """Know only the first `count` objects, after a value could not be encoded to its end."""
        for one in self.objects[count:]:
            del self._numbers[id(one)]
        del self.objects[count:]

    def nodes(self, values: Iterable[Any], depth: int) -> list[Node]:
        """Return the nodes of several values."""
        if self.exact:
            return [self.node(one, depth) for one in values]
        return [one if type(one) in ATOMS else self.node(one, depth) for one in values]


_Encode: TypeAlias = Callable[[Encoder, Any, int], Node]


def _exact_atom(value: Any) -> Node:
    if type(value) is int and value not in _INT64:
        return {int(Code.BIG_INT): f"{value:x}"}
    if type(value) is str and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return {int(Code.SURROGATES): value.encode("utf-8", "surrogatepass")}
    return value


def _list(encoder: Encoder, value: Any, depth: int) -> Node:
    met = encoder.reference(value)
    if met is not None:
        return met
    if type(value) is list and not encoder.exact and ATOMS.issuperset(map(type, value)):
        return value
    return encoder.nodes(list.__iter__(value), depth)


def _mapping_node(encoder: Encoder, value: Any, depth: int) -> Node:
    if not encoder.exact and TEXT_KEYS.issuperset(map(type, dict.keys(value))):
        if type(value) is dict and ATOMS.issuperset(map(type, value.values())):
            return value
        return {
            key: one if type(one) in ATOMS else encoder.node(one, depth)
            for key, one in dict.items(value)
        }
    return {int(Code.DICT): _pairs(encoder, value, depth)}


def _pairs(encoder: Encoder, value: Any, depth: int) -> list[Node]:
    flat: list[Node] = []
    items = OrderedDict.items(value) if isinstance(value, OrderedDict) else dict.items(value)
    for key, one in items:
        flat.append(encoder.node(key, depth))
        flat.append(encoder.node(one, depth))
    return flat


def _dict(encoder: Encoder, value: Any, depth: int) -> Node:
    return encoder.reference(value) or _mapping_node(encoder, value, depth)


def _special_dict(code: Code) -> _Encode:
    def encode(encoder: Encoder, value: Any, depth: int) -> Node:
        met = encoder.reference(value)
        if met is not None:
            return met
        factory = getattr(value, "default_factory", None)
        name = getattr(factory, "__name__", "")
        kept = name if factory is not None and FACTORIES.get(name) is factory else None
        return {int(code): [kept, _pairs(encoder, value, depth)]}

    return encode


def _numbered(code: Code, contents: _Encode) -> _Encode:
    def encode(encoder: Encoder, value: Any, depth: int) -> Node:
        return encoder.reference(value) or {int(code): contents(encoder, value, depth)}

    return encode


def _tuple(encoder: Encoder, value: Any, depth: int) -> Node:
    return {_TUPLE: encoder.nodes(tuple.__iter__(value), depth)}


def _timezone(encoder: Encoder, zone: Any) -> Node:
    if zone is None:
        return None
    if type(zone) in (zoneinfo.ZoneInfo, datetime.timezone):
        return encoder.node(zone)
    raise Unsendable(f"a time zone of type {type(zone).__name__} can not cross")


def _zone(_: Encoder, value: Any, __: int) -> Node:
    if value.key is None:
        raise Unsendable("a time zone without a name can not cross")
    return {int(Code.ZONE): value.key}


def _datetime(encoder: Encoder, value: Any, _: int) -> Node:
    date = [value.year, value.month, value.day]
    return {int(Code.DATETIME): date + _time_of_day(encoder, value)}


def _time(encoder: Encoder, value: Any, _: int) -> Node:
    return {int(Code.TIME): _time_of_day(encoder, value)}


def _time_of_day(encoder: Encoder, value: Any) -> list[Node]:
    zone = _timezone(encoder, value.tzinfo)
    return [value.hour, value.minute, value.second, value.microsecond, value.fold, zone]


def _timedelta(_: Encoder, value: Any, __: int) -> Node:
    return {int(Code.TIMEDELTA): [value.days, value.seconds, value.microseconds]}


_ENCODERS: Final[dict[type, _Encode]] = {
    list: _list,
    dict: _dict,
    tuple: _tuple,
    set: _numbered(Code.SET, lambda e, v, d: e.nodes(set.__iter__(v), d)),
    bytearray: _numbered(Code.BYTEARRAY, lambda _e, v, _d: bytes(memoryview(v))),
    deque: _numbered(Code.DEQUE, lambda e, v, d: [v.maxlen, e.nodes(deque.__iter__(v), d)]),
    Counter: _special_dict(Code.COUNTER),
    OrderedDict: _special_dict(Code.ORDERED_DICT),
    defaultdict: _special_dict(Code.DEFAULT_DICT),
    frozenset: lambda e, v, d: {int(Code.FROZENSET): e.nodes(frozenset.__iter__(v), d)},
    complex: lambda _e, v, _d: {int(Code.COMPLEX): [v.real, v.imag]},
    range: lambda e, v, d: {int(Code.RANGE): e.nodes((v.start, v.stop, v.step), d)},
    slice: lambda e, v, d: {int(Code.SLICE): e.nodes((v.start, v.stop, v.step), d)},
    Decimal: lambda _e, v, _d: {int(Code.DECIMAL): Decimal.__str__(v)},
    Fraction: lambda e, v, d: {int(Code.FRACTION): e.nodes((v.numerator, v.denominator), d)},
    datetime.datetime: _datetime,
    datetime.date: lambda _e, v, _d: {int(Code.DATE): datetime.date.isoformat(v)},
    datetime.time: _time,
    datetime.timedelta: _timedelta,
    datetime.timezone: lambda e, v, _d: {
        int(Code.TIMEZONE): [v.utcoffset(None) // _MICROSECOND, e.node(v.tzname(None))]
    },
    zoneinfo.ZoneInfo: _zone,
    int: lambda _e, v, _d: _exact_atom(int.__add__(v, 0)),
    float: lambda _e, v, _d: float.__float__(v),
    str: lambda _e, v, _d: _exact_atom(str.__str__(v)),
    bytes: lambda _e, v, _d: bytes.__getitem__(v, slice(None)),
}


def _plain_ancestor(kind: type) -> _Encode | None:
    for ancestor in kind.__mro__:
        found = _ENCODERS.get(ancestor)
        if found is not None:
            return found
    return None
