"""Nodes back to values; whatever the other side sent, nothing but a value or `Malformed`."""

import builtins
import datetime
import zoneinfo
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeAlias

from sandbox.guest.nodes import ATOMS, FACTORIES, TEXT_KEYS, Code, Malformed, Node, unpack

_TUPLE: Final = int(Code.TUPLE)
_ARGUMENT_PARTS: Final = 2


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
                if code == _TUPLE:
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
        if not TEXT_KEYS.issuperset(map(type, node)):
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


_Decode: TypeAlias = Callable[[Decoder, Node, int], Any]


def _filled_set(decoder: Decoder, body: Node, depth: int) -> set[Any]:
    made: set[Any] = decoder.numbered(set())
    made.update(decoder.values(body, depth))
    return made


def _filled_pairs(decoder: Decoder, made: Any, flat: Node, depth: int) -> Any:
    if type(flat) is not list or len(flat) % 2:
        raise Malformed("pairs were expected")
    for at in range(0, len(flat), 2):
        key = decoder.value(flat[at], depth)
        made[key] = decoder.value(flat[at + 1], depth)
    return made


def _special_dict(
    decoder: Decoder, body: Node, depth: int, kind: Callable[[], Any]
) -> dict[Any, Any]:
    _, flat = body
    made: dict[Any, Any] = _filled_pairs(decoder, decoder.numbered(kind()), flat, depth)
    return made


def _default_dict(decoder: Decoder, body: Node, depth: int) -> Any:
    name, flat = body
    made = decoder.numbered(defaultdict(FACTORIES[name] if name is not None else None))
    return _filled_pairs(decoder, made, flat, depth)


def _filled_deque(decoder: Decoder, body: Node, depth: int) -> Any:
    maxlen, nodes = body
    made = decoder.numbered(deque(maxlen=maxlen))
    made.extend(decoder.values(nodes, depth))
    return made


def _datetime(decoder: Decoder, body: Node, depth: int) -> datetime.datetime:
    year, month, day, hour, minute, second, microsecond, fold, zone = body
    return datetime.datetime(
        year,
        month,
        day,
        hour,
        minute,
        second,
        microsecond,
        tzinfo=decoder.value(zone, depth),
        fold=fold,
    )


def _time(decoder: Decoder, body: Node, depth: int) -> datetime.time:
    hour, minute, second, microsecond, fold, zone = body
    tzinfo = decoder.value(zone, depth)
    return datetime.time(hour, minute, second, microsecond, tzinfo=tzinfo, fold=fold)


def _timezone(decoder: Decoder, body: Node, depth: int) -> datetime.timezone:
    microseconds, name = body
    offset = datetime.timedelta(microseconds=microseconds)
    unnamed = datetime.timezone(offset) if offset else datetime.UTC
    told = decoder.value(name, depth)
    return unnamed if told == unnamed.tzname(None) else datetime.timezone(offset, told)


def _referred(decoder: Decoder, body: Node, _: int) -> Any:
    if type(body) is not int or body < 0:
        raise Malformed("a reference is a number")
    return decoder.objects[body]


_DECODERS: Final[dict[int, _Decode]] = {
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
    Code.TIME: _time,
    Code.DATETIME: _datetime,
    Code.TIMEDELTA: lambda _d, body, _n: datetime.timedelta(*body),
    Code.TIMEZONE: _timezone,
    Code.ZONE: lambda _d, body, _n: zoneinfo.ZoneInfo(body),
    Code.DEQUE: _filled_deque,
    Code.COUNTER: lambda d, body, n: _special_dict(d, body, n, Counter),
    Code.ORDERED_DICT: lambda d, body, n: _special_dict(d, body, n, OrderedDict),
    Code.DEFAULT_DICT: _default_dict,
    Code.SURROGATES: lambda _d, body, _n: bytes.decode(body, "utf-8", "surrogatepass"),
    Code.FOREIGN: lambda d, body, _n: d.foreign(body),
}


def refill(container: Any, fresh: Any) -> None:
    """Give a container the contents of another of its kind, in place.

    Raises:
        Malformed: If they are of different kinds, or the kind can not change in place.
    """
    if not isinstance(container, type(fresh)):
        raise Malformed("an argument came back as another type")
    if isinstance(fresh, (list, bytearray)):
        container[:] = fresh
    elif isinstance(fresh, deque):
        container.clear()
        container.extend(fresh)
    elif isinstance(fresh, (dict, set)):
        container.clear()
        container.update(fresh)
    else:
        raise Malformed(f"a {type(container).__name__} can not change in place")


def unpack_arguments(packed: bytes, decoder: Decoder) -> tuple[list[Any], dict[str, Any]]:
    """Return positional and named arguments of a call.

    Raises:
        Malformed: If the bytes hold none.
    """
    parts = unpack(packed)
    if type(parts) is not list or len(parts) != _ARGUMENT_PARTS or type(parts[1]) is not dict:
        raise Malformed("a call's arguments")
    # named ones were numbered first when they were packed
    named = {name: decoder.value(one) for name, one in parts[1].items()}
    return decoder.values(parts[0], 0), named


def builtin_type(name: Any) -> type:
    """Return the built-in type of that name.

    Raises:
        Malformed: If there is none.
    """
    found = getattr(builtins, name, None) if isinstance(name, str) else None
    if not isinstance(found, type):
        raise Malformed("no such built-in type")
    return found
