"""Turn `parametrize` marks into parameter sets with pytest's own names."""

import enum
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from sandbox.guest.testing.marks import Mark, ParameterSet
from sandbox.guest.testing.outcomes import CollectionFailed

_MAX_NAMED_CHARS: Final = 100
_UNPRINTABLE: Final = {i: f"\\x{i:02x}" for i in range(128) if i not in range(32, 127)} | {
    ord("\t"): "\\t",
    ord("\r"): "\\r",
    ord("\n"): "\\n",
}


class Parametrization(NamedTuple):
    """Names of arguments, and for each run their values and the run's part of the test's name."""

    names: tuple[str, ...]
    sets: tuple[tuple[str, tuple[object, ...]], ...]


def parametrization(mark: Mark) -> Parametrization:
    """Read one `parametrize` mark.

    Raises:
        CollectionFailed: If values do not fit the names, there are none, or an argument of the
            mark is not supported.
    """
    unknown = mark.kwargs.keys() - {"argnames", "argvalues", "ids"}
    if unknown:
        message = f"parametrize({', '.join(sorted(unknown))}=...) is not supported"
        raise CollectionFailed(message)
    given = dict(zip(("argnames", "argvalues"), mark.args, strict=False)) | mark.kwargs
    if len(mark.args) > 2 or not {"argnames", "argvalues"} <= given.keys():  # noqa: PLR2004
        message = "parametrize needs argument names and values, and ids= by keyword"
        raise CollectionFailed(message)
    argument_names = given["argnames"]
    names, single = _names(argument_names)
    sets = [_parameter_set(values, names, single=single) for values in given["argvalues"]]
    return named_sets(names, sets, given.get("ids"))


def named_sets(
    names: Sequence[str],
    sets: Sequence[ParameterSet],
    ids: Iterable[object] | Callable[[Any], object] | None,
) -> Parametrization:
    """Name parameter sets as pytest does.

    Raises:
        CollectionFailed: If there are no sets, or another number of ids than of sets.
    """
    if not sets:
        message = f"parametrize of {', '.join(names)} has no values, so the test would not run"
        raise CollectionFailed(message)
    texts = _unique(list(_set_ids(names, sets, ids)))
    values = (one.values for one in sets)
    return Parametrization(tuple(names), tuple(zip(texts, values, strict=True)))


def _names(argument_names: str | Sequence[str]) -> tuple[tuple[str, ...], bool]:
    if isinstance(argument_names, str):
        names = tuple(name.strip() for name in argument_names.split(",") if name.strip())
        return names, len(names) == 1 and not argument_names.rstrip().endswith(",")
    return tuple(argument_names), False


def _parameter_set(values: Any, names: tuple[str, ...], *, single: bool) -> ParameterSet:
    if isinstance(values, ParameterSet):
        found = values
    elif single:
        found = ParameterSet((values,))
    else:
        found = ParameterSet(tuple(values))
    if len(found.values) != len(names):
        message = f"parametrize of {', '.join(names)} got {len(found.values)} values in one set"
        raise CollectionFailed(message)
    return found


def _set_ids(
    names: Sequence[str],
    sets: Sequence[ParameterSet],
    ids: Iterable[object] | Callable[[Any], object] | None,
) -> Iterable[str]:
    name_of = ids if callable(ids) else None
    listed = [] if ids is None or callable(ids) else _listed(ids, len(sets))
    for index, (values, given) in enumerate(sets):
        if given is not None:
            yield _escaped(given)
        elif listed and listed[index] is not None:
            text = _plain_id(listed[index])
            if text is None:
                message = f"id {listed[index]!r} of parametrize is no text, number or name"
                raise CollectionFailed(message)
            yield text
        else:
            pairs = zip(names, values, strict=True)
            yield "-".join(_value_id(value, name, index, name_of) for name, value in pairs)


def _listed(ids: Iterable[object], count: int) -> list[object]:
    listed = list(ids) if isinstance(ids, Sequence) else list(itertools.islice(ids, count))
    if listed and len(listed) != count:
        message = f"parametrize has {count} parameter sets and {len(listed)} ids"
        raise CollectionFailed(message)
    return listed


def _value_id(value: object, name: str, index: int, name_of: Callable[[Any], object] | None) -> str:
    if name_of is not None:
        chosen = name_of(value)
        text = None if chosen is None else _plain_id(chosen)
        if text is not None:
            return text
    if isinstance(value, str | bytes) and len(value) > _MAX_NAMED_CHARS:
        return f"{name}{index}"
    text = _plain_id(value)
    return f"{name}{index}" if text is None else text


def _plain_id(value: object) -> str | None:
    if isinstance(value, str | bytes):
        return _escaped(value)
    if value is None or isinstance(value, float | int | complex):
        return str(value)
    if isinstance(value, re.Pattern):
        return _escaped(value.pattern)
    if isinstance(value, enum.Enum):
        return str(value)
    name = getattr(value, "__name__", None)
    return name if isinstance(name, str) else None


def _escaped(text: str | bytes) -> str:
    if isinstance(text, bytes):
        plain = text.decode("ascii", "backslashreplace")
    else:
        plain = text.encode("unicode_escape").decode("ascii")
    return plain.translate(_UNPRINTABLE)


def _unique(ids: list[str]) -> list[str]:
    counts = Counter(ids)
    if len(counts) == len(ids):
        return ids
    taken = Counter(ids)
    suffixes: defaultdict[str, int] = defaultdict(int)
    for index, text in enumerate(ids):
        if counts[text] > 1:
            joint = "_" if text and text[-1].isdigit() else ""
            while taken[f"{text}{joint}{suffixes[text]}"]:
                suffixes[text] += 1
            ids[index] = f"{text}{joint}{suffixes[text]}"
            suffixes[text] += 1
            taken[text] -= 1
            taken[ids[index]] += 1
    return ids
