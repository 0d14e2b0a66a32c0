"""Plain data between candidate and examiner: by value, with its exact type, and nothing else.

A value becomes a tree of what msgpack carries natively. None, bool, 64-bit int, float, str, bytes,
list and dict with str keys stand for themselves; anything else is a map of one int key, the code of
its type. Mutable containers are numbered in the order they are met, on both sides alike, so that a
second mention of the same object is a reference to its number.
"""

import builtins
import datetime
import zoneinfo
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any, Final, TypeAlias

import msgspec

Node: TypeAlias = Any
"""What msgpack carries: None, bool, int, float, str, bytes, list, dict."""

ATOMS: Final = frozenset({type(None), bool, int, float, str, bytes})
_INT64: Final = range(-(2**63), 2**64)
_STR_KEYS: Final = {str}
_FACTORIES: Final = {
    kind.__name__: kind for kind in (int, float, str, list, dict, set, tuple, bool)
}


class Code(IntEnum):
    """What the one int key of a tagged node means."""

    TUPLE = 0
    SET = 1
    REFERENCE = 2
    DICT = 3
    BIG_INT = 4
    FROZENSET = 5
    COMPLEX = 6
    BYTEARRAY = 7
    RANGE = 8
    DECIMAL = 9
    FRACTION = 10
    DATE = 11
    TIME = 12
    DATETIME = 13
    TIMEDELTA = 14
    TIMEZONE = 15
    ZONE = 16
    DEQUE = 17
    COUNTER = 18
    ORDERED_DICT = 19
    DEFAULT_DICT = 20
    SURROGATES = 21
    SLICE = 23
    FOREIGN = 22
    """Whatever the side's own `Foreign` functions carry: handles, callbacks, iterators."""


_REFERENCE: Final = int(Code.REFERENCE)
_FOREIGN: Final = int(Code.FOREIGN)


class Unsendable(Exception):
    """An object that is not plain data and has no handle; the message names its type."""


class Malformed(Exception):
    """The other side sent something that stands for no value."""


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

    def nodes(self, values: Iterable[Any], depth: int) -> list[Node]:
        """Return the nodes of several values."""
        if self.exact:
            return [self.node(one, depth) for one in values]
        return [one if type(one) in ATOMS else self.node(one, depth) for one in values]


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
    if not encoder.exact and _STR_KEYS.issuperset(map(type, dict.keys(value))):
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


def _special_dict(code: Code) -> Callable[[Encoder, Any, int], Node]:
    def encode(encoder: Encoder, value: Any, depth: int) -> Node:
        met = encoder.reference(value)
        if met is not None:
            return met
        factory = getattr(value, "default_factory", None)
        name = getattr(factory, "__name__", "")
        kept = name if _FACTORIES.get(name) is factory else None
        return {int(code): [kept, _pairs(encoder, value, depth)]}

    return encode


def _numbered(code: Code, contents: Callable[[Encoder, Any, int], Node]) -> Callable[..., Node]:
    def encode(encoder: Encoder, value: Any, depth: int) -> Node:
        return encoder.reference(value) or {int(code): contents(encoder, value, depth)}

    return encode


def _tuple(encoder: Encoder, value: Any, depth: int) -> Node:
    return {0: encoder.nodes(tuple.__iter__(value), depth)}


def _timezone(encoder: Encoder, zone: Any) -> Node:
    if zone is None:
        return None
    if type(zone) is zoneinfo.ZoneInfo and zone.key:
        return {int(Code.ZONE): zone.key}
    if type(zone) is datetime.timezone:
        return encoder.node(zone)
    raise Unsendable(f"a time zone of type {type(zone).__name__} can not cross")


def _datetime(encoder: Encoder, value: Any, _: int) -> Node:
    naive = value.replace(tzinfo=None, fold=0)
    text = datetime.datetime.isoformat(naive)
    return {int(Code.DATETIME): [text, value.fold, _timezone(encoder, value.tzinfo)]}


def _time(encoder: Encoder, value: Any, _: int) -> Node:
    naive = value.replace(tzinfo=None, fold=0)
    text = datetime.time.isoformat(naive)
    return {int(Code.TIME): [text, value.fold, _timezone(encoder, value.tzinfo)]}


def _timedelta(_: Encoder, value: Any, __: int) -> Node:
    return {int(Code.TIMEDELTA): [value.days, value.seconds, value.microseconds]}


_ENCODERS: Final[dict[type, Callable[[Encoder, Any, int], Node]]] = {
    list: _list,
    dict: _dict,
    tuple: _tuple,
    set: _numbered(Code.SET, lambda e, v, d: e.nodes(set.__iter__(v), d)),
    bytearray: _numbered(Code.BYTEARRAY, lambda _e, v, _d: bytes(v)),
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
    datetime.timezone: lambda _e, v, _d: {
        int(Code.TIMEZONE): v.utcoffset(None) / datetime.timedelta(microseconds=1)
    },
    zoneinfo.ZoneInfo: lambda e, v, _d: _timezone(e, v),
    int: lambda _e, v, _d: _exact_atom(int.__add__(v, 0)),
    float: lambda _e, v, _d: float.__float__(v),
    str: lambda _e, v, _d: _exact_atom(str.__str__(v)),
    bytes: lambda _e, v, _d: bytes.__getitem__(v, slice(None)),
}


def _plain_ancestor(kind: type) -> Callable[[Encoder, Any, int], Node] | None:
    for ancestor in kind.__mro__:
        found = _ENCODERS.get(ancestor)
        if found is not None:
            return found
    return None


class Decoder:
    """Turns the nodes of one message back into values.

    Args:
        depth: Deepest nesting allowed.
        foreign: Turns a foreign node into an object, or raises Malformed.
        known: Objects that references may name, in the order of their numbers.
    """

    def __init__(
        self, depth: int, foreign: Callable[[Node], Any], known: Iterable[Any] = ()
    ) -> None:
        self._depth = depth
        self._foreign = foreign
        self.objects: list[Any] = list(known)

    def value(self, node: Node, depth: int = 0) -> Any:
        """Return the value of a node.

        Raises:
            Malformed: If the node stands for no value.
        """
        kind = type(node)
        if kind in ATOMS:
            return node
        if depth > self._depth:
            raise Malformed(f"nested deeper than {self._depth} levels")
        if kind is list:
            return self._list(node, depth + 1)
        if kind is not dict:
            raise Malformed(f"a {kind.__name__} is no node")
        if len(node) == 1:
            ((code, body),) = node.items()
            if type(code) is int:
                if code == 0:
                    return tuple(self.values(body, depth + 1))
                return self._tagged(code, body, depth + 1)
        return self._dict(node, depth + 1)

    def values(self, nodes: Node, depth: int) -> list[Any]:
        """Return the values of a list of nodes."""
        if type(nodes) is not list:
            raise Malformed("a list was expected")
        if ATOMS.issuperset(map(type, nodes)):
            return nodes
        return [one if type(one) in ATOMS else self.value(one, depth) for one in nodes]

    def _list(self, node: list[Node], depth: int) -> list[Any]:
        self.objects.append(node)
        if not ATOMS.issuperset(map(type, node)):
            node[:] = [one if type(one) in ATOMS else self.value(one, depth) for one in node]
        return node

    def _dict(self, node: dict[Any, Node], depth: int) -> dict[Any, Any]:
        self.objects.append(node)
        if not _STR_KEYS.issuperset(map(type, node)):
            raise Malformed("a map with keys that are not text")
        if not ATOMS.issuperset(map(type, node.values())):
            for key, one in node.items():
                if type(one) not in ATOMS:
                    node[key] = self.value(one, depth)
        return node

    def _tagged(self, code: int, body: Node, depth: int) -> Any:
        decode = _DECODERS.get(code)
        if decode is None:
            raise Malformed(f"unknown code {code}")
        try:
            return decode(self, body, depth)
        except (TypeError, ValueError, IndexError, ArithmeticError, KeyError, OSError) as wrong:
            raise Malformed(f"code {code}: {type(wrong).__name__}") from wrong

    def numbered(self, container: Any) -> Any:
        """Give a fresh container its number and return it."""
        self.objects.append(container)
        return container

    def foreign(self, body: Node) -> Any:
        """Return the object of a foreign node."""
        return self._foreign(body)


def _filled_set(decoder: Decoder, body: Node, depth: int) -> set[Any]:
    made: set[Any] = decoder.numbered(set())
    made.update(decoder.values(body, depth))
    return made


def _filled_pairs(decoder: Decoder, made: Any, flat: Node, depth: int) -> Any:
    if type(flat) is not list or len(flat) % 2:
        raise Malformed("pairs were expected")
    for at in range(0, len(flat), 2):
        key = decoder.value(flat[at], depth)
        dict.__setitem__(made, key, decoder.value(flat[at + 1], depth))
    return made


def _default_dict(decoder: Decoder, body: Node, depth: int) -> Any:
    name, flat = body
    made = decoder.numbered(defaultdict(_FACTORIES[name] if name is not None else None))
    return _filled_pairs(decoder, made, flat, depth)


def _filled_deque(decoder: Decoder, body: Node, depth: int) -> Any:
    maxlen, nodes = body
    made = decoder.numbered(deque(maxlen=maxlen))
    made.extend(decoder.values(nodes, depth))
    return made


def _decoded_datetime(decoder: Decoder, body: Node, depth: int) -> Any:
    text, fold, zone = body
    naive = datetime.datetime.fromisoformat(text)
    return naive.replace(tzinfo=decoder.value(zone, depth), fold=fold)


def _decoded_time(decoder: Decoder, body: Node, depth: int) -> Any:
    text, fold, zone = body
    naive = datetime.time.fromisoformat(text)
    return naive.replace(tzinfo=decoder.value(zone, depth), fold=fold)


def _referred(decoder: Decoder, body: Node, _: int) -> Any:
    if type(body) is not int or body < 0:
        raise Malformed("a reference is a number")
    return decoder.objects[body]


def _decoded_timezone(_: Decoder, body: Node, __: int) -> datetime.timezone:
    offset = datetime.timedelta(microseconds=body)
    return datetime.timezone(offset) if offset else datetime.UTC


_DECODERS: Final[dict[int, Callable[[Decoder, Node, int], Any]]] = {
    Code.SET: _filled_set,
    Code.REFERENCE: _referred,
    Code.DICT: lambda d, body, n: _filled_pairs(d, d.numbered({}), body, n),
    Code.BIG_INT: lambda _d, body, _n: int(body, 16),
    Code.FROZENSET: lambda d, body, n: frozenset(d.values(body, n)),
    Code.COMPLEX: lambda _d, body, _n: complex(float(body[0]), float(body[1])),
    Code.BYTEARRAY: lambda d, body, _n: d.numbered(bytearray(memoryview(body))),
    Code.RANGE: lambda d, body, n: range(*d.values(body, n)),
    Code.SLICE: lambda d, body, n: slice(*d.values(body, n)),
    Code.DECIMAL: lambda _d, body, _n: Decimal(body),
    Code.FRACTION: lambda d, body, n: Fraction(*d.values(body, n)),
    Code.DATE: lambda _d, body, _n: datetime.date.fromisoformat(body),
    Code.TIME: _decoded_time,
    Code.DATETIME: _decoded_datetime,
    Code.TIMEDELTA: lambda _d, body, _n: datetime.timedelta(*body),
    Code.TIMEZONE: _decoded_timezone,
    Code.ZONE: lambda _d, body, _n: zoneinfo.ZoneInfo(body),
    Code.DEQUE: _filled_deque,
    Code.COUNTER: lambda d, body, n: _filled_pairs(d, d.numbered(Counter()), body[1], n),
    Code.ORDERED_DICT: lambda d, body, n: _ordered(d, body, n),
    Code.DEFAULT_DICT: _default_dict,
    Code.SURROGATES: lambda _d, body, _n: bytes(body).decode("utf-8", "surrogatepass"),
    Code.FOREIGN: lambda d, body, _n: d.foreign(body),
}


def _ordered(decoder: Decoder, body: Node, depth: int) -> Any:
    made = decoder.numbered(OrderedDict())
    flat = body[1]
    for at in range(0, len(flat), 2):
        made[decoder.value(flat[at], depth)] = decoder.value(flat[at + 1], depth)
    return made


def refill(container: Any, fresh: Any) -> None:
    """Give a container the contents of another of its kind, in place."""
    if isinstance(container, (list, bytearray)):
        container[:] = fresh
    elif isinstance(container, deque):
        container.clear()
        container.extend(fresh)
    elif isinstance(container, (dict, set)):
        container.clear()
        container.update(fresh)
    else:
        raise Malformed(f"a {type(container).__name__} can not change in place")


_packer: Final = msgspec.msgpack.Encoder()
_unpacker: Final = msgspec.msgpack.Decoder()


def pack(node: Node) -> bytes:
    """Return the bytes of a node.

    Raises:
        OverflowError, UnicodeEncodeError: If an atom needs `Encoder.exact`.
    """
    return _packer.encode(node)


def unpack(frame: bytes | memoryview) -> Node:
    """Return the node of received bytes.

    Raises:
        Malformed: If the bytes are no msgpack, or too deep or too large to hold.
    """
    try:
        return _unpacker.decode(frame)
    except (msgspec.DecodeError, RecursionError, MemoryError, ValueError) as wrong:
        raise Malformed(type(wrong).__name__) from None


def builtin_type(name: Any) -> type:
    """Return the built-in type of that name.

    Raises:
        Malformed: If there is none.
    """
    found = getattr(builtins, name, None) if isinstance(name, str) else None
    if not isinstance(found, type):
        raise Malformed("no such built-in type")
    return found
