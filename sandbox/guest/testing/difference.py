"""Where two plain values part, in a few lines a reader can act on."""

import difflib
from collections.abc import Iterator
from typing import Any, Final

from sandbox.guest.testing.representation import bounded_repr

ITEM_CHARS: Final = 200
"""Longest item shown, characters."""
_MAX_SHOWN: Final = 4
_MAX_DEPTH: Final = 10
_MAX_ITEMS: Final = 20_000
_MAX_REORDERED: Final = 1000
_MAX_TEXT_CHARS: Final = 100_000
_MAX_DIFF_LINES: Final = 300
_MAX_SHOWN_LINES: Final = 30
_CONTEXT_CHARS: Final = 30
_PLAIN_SCALARS: Final = (str, bytes, int, float, bool, type(None), complex)


def difference(actual: object, expected: object) -> list[str]:
    """Say how `actual` differs from `expected`.

    Only exact lists, tuples, sets, frozensets, dicts and strings of plain values are looked
    into, and of large ones only the beginning, so the work is bounded.

    Returns:
        At most a few dozen lines; none where the two representations say it all.
    """
    if type(actual) is not type(expected):
        return [f"types differ: {type(actual).__name__} is not {type(expected).__name__}"]
    if isinstance(actual, str) and isinstance(expected, str):
        return list(_text_lines(actual, expected))
    if not _is_plain(actual) or not _is_plain(expected):
        return []
    return list(_container_lines(actual, expected))


def _container_lines(actual: Any, expected: Any) -> Iterator[str]:
    kind = type(actual)
    if kind in (list, tuple):
        yield from _sequence_lines(actual, expected)
    elif kind in (set, frozenset):
        yield from _member_lines("missing", expected - actual)
        yield from _member_lines("unexpected", actual - expected)
    elif kind is dict:
        yield from _mapping_lines(actual, expected)


def _sequence_lines(actual: Any, expected: Any) -> Iterator[str]:
    if len(actual) != len(expected):
        yield f"lengths differ: {len(actual)} items, expected {len(expected)}"
    common = min(len(actual), len(expected))
    unequal = [i for i in range(common) if not _equal(actual[i], expected[i])]
    for index in unequal[:_MAX_SHOWN]:
        yield _place(actual[index], expected[index], f"[{index}]")
    if len(unequal) > _MAX_SHOWN:
        yield f"… {len(unequal) - _MAX_SHOWN} more indexes differ"
    yield from _member_lines("missing from the end", expected[common:])
    yield from _member_lines("unexpected at the end", actual[common:])
    if len(unequal) > 1 and len(actual) == len(expected) and _same_items(actual, expected):
        yield "the items are the same, in another order"


def _mapping_lines(actual: dict[Any, Any], expected: dict[Any, Any]) -> Iterator[str]:
    yield from _member_lines("missing keys", [k for k in expected if k not in actual])
    yield from _member_lines("unexpected keys", [k for k in actual if k not in expected])
    unequal = [k for k in expected if k in actual and not _equal(actual[k], expected[k])]
    for key in unequal[:_MAX_SHOWN]:
        yield _place(actual[key], expected[key], f"[{bounded_repr(key, ITEM_CHARS)}]")
    if len(unequal) > _MAX_SHOWN:
        yield f"… {len(unequal) - _MAX_SHOWN} more values differ"


def _member_lines(label: str, members: Any) -> Iterator[str]:
    if members:
        yield f"{label}: {bounded_repr(members, ITEM_CHARS)}"


def _place(actual: Any, expected: Any, path: str, depth: int = 0) -> str:
    if depth < _MAX_DEPTH and type(actual) is type(expected):
        if type(actual) in (list, tuple) and len(actual) == len(expected):
            keys: Any = range(len(actual))
        elif type(actual) is dict and actual.keys() == expected.keys():
            keys = list(actual)
        else:
            keys = ()
        unequal = [key for key in keys if not _equal(actual[key], expected[key])]
        if len(unequal) == 1:
            key = unequal[0]
            deeper = f"{path}[{bounded_repr(key, ITEM_CHARS)}]"
            return _place(actual[key], expected[key], deeper, depth + 1)
    shown, wanted = (bounded_repr(value, ITEM_CHARS) for value in (actual, expected))
    return f"at {path}: {shown}, expected {wanted}"


def _equal(one: Any, other: Any) -> bool:
    return one is other or bool(one == other)


def _same_items(one: Any, other: Any) -> bool:
    if len(one) > _MAX_REORDERED:
        return False
    left = sorted(bounded_repr(item, ITEM_CHARS) for item in one)
    return left == sorted(bounded_repr(item, ITEM_CHARS) for item in other)


def _is_plain(value: Any) -> bool:
    """Say whether `value` is made of exact built-in types and is small enough to look into."""
    pending = [value]
    seen_count = 0
    while pending:
        current = pending.pop()
        if type(current) is dict:
            pending += (*current.keys(), *current.values())
        elif type(current) in (list, tuple, set, frozenset):
            pending += current
        elif type(current) not in _PLAIN_SCALARS:
            return False
        seen_count += 1
        if seen_count + len(pending) > _MAX_ITEMS:
            return False
    return True


def _text_lines(actual: str, expected: str) -> Iterator[str]:
    if "\n" in actual.rstrip("\n") or "\n" in expected.rstrip("\n"):
        yield from _line_diff(actual, expected)
    else:
        yield from _first_character(actual, expected)
    if actual.split() == expected.split():
        yield "the texts differ in white space alone"
    elif actual.casefold() == expected.casefold():
        yield "the texts differ in upper and lower case alone"


def _line_diff(actual: str, expected: str) -> Iterator[str]:
    shown = actual[:_MAX_TEXT_CHARS].split("\n")[:_MAX_DIFF_LINES]
    wanted = expected[:_MAX_TEXT_CHARS].split("\n")[:_MAX_DIFF_LINES]
    yield "lines, - expected, + actual:"
    for count, line in enumerate(difflib.unified_diff(wanted, shown, lineterm="", n=1)):
        if count >= _MAX_SHOWN_LINES:
            yield "…"
            break
        if count >= 2:  # noqa: PLR2004 - the first two lines name the files
            yield line if len(line) <= ITEM_CHARS else f"{line[:ITEM_CHARS]}…"


def _first_character(actual: str, expected: str) -> Iterator[str]:
    if max(len(actual), len(expected)) <= _CONTEXT_CHARS:
        return
    pairs = zip(actual[:_MAX_TEXT_CHARS], expected[:_MAX_TEXT_CHARS], strict=False)
    common = min(len(actual), len(expected), _MAX_TEXT_CHARS)
    index = next((i for i, (a, b) in enumerate(pairs) if a != b), common)
    start, end = max(index - _CONTEXT_CHARS, 0), index + _CONTEXT_CHARS
    shown, wanted = actual[start:end], expected[start:end]
    yield f"texts part at index {index}: …{shown!r}…, expected …{wanted!r}…"
    if len(actual) != len(expected):
        yield f"lengths differ: {len(actual)} characters, expected {len(expected)}"
