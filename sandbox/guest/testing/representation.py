"""A `repr` whose cost and length stay bounded for values of any size."""

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

REPR_CHARS: Final = 1900
"""Where a representation stops, characters; a little less than a verdict's text holds."""
_MAX_DEPTH: Final = 30
_MAX_INT_BITS: Final = 12_000
"""Just below the length from which CPython refuses to print an int."""
_MAX_SORTED_ITEMS: Final = 10_000
_BRACKETS: Final[dict[type, tuple[str, str]]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
    deque: ("deque([", "])"),
}
_MAPPINGS: Final[tuple[type, ...]] = (dict, OrderedDict, Counter, defaultdict)
_TEXTS: Final[tuple[type, ...]] = (str, bytes, bytearray)


def bounded_repr(value: object, limit_chars: int = REPR_CHARS) -> str:
    """Return `repr(value)`, cut short after about `limit_chars` characters.

    Plain containers are walked only as far as is shown, and say how many items are left out.
    Sets of numbers or strings are sorted. A `repr` that raises is named instead.
    """
    writer = _Writer(limit_chars)
    writer.write(value, 0)
    return "".join(writer.parts)


class _Writer:
    def __init__(self, room_chars: int) -> None:
        self.parts: list[str] = []
        self.room_chars = room_chars

    def write(self, value: Any, depth: int) -> None:
        kind = type(value)
        if depth > _MAX_DEPTH:
            self._add("...")
        elif kind in _BRACKETS and (value or kind in (list, tuple)):
            opening, closing = _BRACKETS[kind]
            if kind is deque and value.maxlen is not None:
                closing = f"], maxlen={value.maxlen})"
            if kind is tuple and len(value) == 1:
                closing = ",)"
            self._group((opening, closing), _in_order(value), len(value), self._item(depth))
        elif kind in _MAPPINGS and (value or kind is dict):
            self._group(_mapping_brackets(value), value.items(), len(value), self._pair(depth))
        else:
            self._add(_leaf(value, self.room_chars))

    def _add(self, text: str) -> None:
        self.parts.append(text)
        self.room_chars -= len(text)

    def _item(self, depth: int) -> Callable[[Any], None]:
        return lambda item: self.write(item, depth + 1)

    def _pair(self, depth: int) -> Callable[[Any], None]:
        def write_pair(pair: tuple[object, object]) -> None:
            self.write(pair[0], depth + 1)
            self._add(": ")
            self.write(pair[1], depth + 1)

        return write_pair

    def _group(
        self,
        brackets: tuple[str, str],
        members: Iterable[object],
        count: int,
        write_member: Callable[[Any], None],
    ) -> None:
        self._add(brackets[0])
        for position, member in enumerate(members):
            if position:
                self._add(", ")
            if self.room_chars <= 0:
                self._add(f"… {count - position} more")
                break
            write_member(member)
        self._add(brackets[1])


def _in_order(items: Collection[Any]) -> Iterable[Any]:
    if isinstance(items, set | frozenset) and len(items) <= _MAX_SORTED_ITEMS:
        kinds = set(map(type, items))
        if kinds in ({int}, {str}):
            return sorted(items)
    return items


def _mapping_brackets(mapping: Any) -> tuple[str, str]:
    if isinstance(mapping, defaultdict):
        return f"defaultdict({mapping.default_factory!r}, {{", "})"
    if type(mapping) is dict:
        return "{", "}"
    return f"{type(mapping).__name__}({{", "})"


def _leaf(value: Any, room_chars: int) -> str:
    if type(value) in _TEXTS and len(value) > room_chars:
        shown_chars = max(room_chars, 20)
        cut_chars = len(value) - shown_chars
        text = repr(value[:shown_chars])
        return f"{text}… {cut_chars} more characters" if cut_chars > 0 else text
    if type(value) is int and value.bit_length() > _MAX_INT_BITS:
        return f"<int of {value.bit_length()} bits>"
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001 - the test's own __repr__, which may raise anything
        return f"<{type(value).__name__} whose repr raised {type(error).__name__}>"
