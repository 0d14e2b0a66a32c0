"""`pytest.approx`: equality within a tolerance, by pytest's own rules."""

import math
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sized
from datetime import datetime, timedelta
from decimal import Decimal
from numbers import Complex
from typing import Any, Final, NamedTuple, NoReturn

from sandbox.guest.testing.representation import bounded_repr

_ITEM_CHARS: Final = 200
_MAX_SHOWN: Final = 6
_TEXTS: Final = (str, bytes, bytearray)


class _Tolerance(NamedTuple):
    rel: Any
    abs: Any
    nan_ok: bool


class Approx(ABC):
    """What `approx` returns: equal to whatever lies within the tolerance of `expected`."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, expected: Any, tolerance: _Tolerance) -> None:
        self.expected = expected
        self._tolerance = tolerance

    @abstractmethod
    def __eq__(self, actual: object) -> bool: ...

    def __bool__(self) -> NoReturn:
        message = "approx() has no truth value; did you mean `assert a == approx(b)`?"
        raise AssertionError(message)

    def mismatches(self, actual: object) -> list[str]:
        """Say where `actual` lies outside the tolerance, one line a value."""
        return [f"{_shown(actual)} is not within {self!r}"]

    def _part(self, expected: object) -> "Approx":
        if isinstance(expected, datetime | timedelta):
            return ApproxTime(expected, self._tolerance)
        return ApproxNumber(expected, self._tolerance)


class ApproxNumber(Approx):
    """One number within a tolerance; anything else by strict equality."""

    def __init__(self, expected: Any, tolerance: _Tolerance) -> None:
        self._decimal = isinstance(expected, Decimal)
        if self._decimal:
            tolerance = tolerance._replace(rel=_exact(tolerance.rel), abs=_exact(tolerance.abs))
        for name, value in (("relative", tolerance.rel), ("absolute", tolerance.abs)):
            if value is not None and not isinstance(value, int | float | Decimal):
                message = f"{name} tolerance must be a number, got {type(value).__name__}"
                raise TypeError(message)
        if tolerance.rel is not None and not hasattr(expected, "__abs__"):
            message = f"a relative tolerance needs a number, got {type(expected).__name__}"
            raise TypeError(message)
        super().__init__(expected, tolerance)

    def __repr__(self) -> str:
        if not _is_number(self.expected) or _is_infinite(abs(self.expected)):
            return str(self.expected)
        try:
            tolerance = self.tolerance
        except ValueError:
            return f"{self.expected} ± ???"
        plain = not self._decimal and 1e-3 <= tolerance < 1e3  # noqa: PLR2004 - as pytest prints
        text = f"{tolerance:n}" if plain else f"{tolerance:.1e}"
        turned = not self._decimal and self.expected.imag and not math.isinf(tolerance)
        return f"{self.expected} ± {text}{' ∠ ±180°' if turned else ''}"

    def __eq__(self, actual: object) -> bool:
        expected = self.expected
        if isinstance(expected, bool):
            return isinstance(actual, bool) and actual == expected
        if actual == expected:
            return True
        if not (_is_number(expected) and isinstance(actual, Complex | Decimal)):
            return False
        if _is_nan(abs(expected)):
            return self._tolerance.nan_ok and _is_nan(abs(actual))
        if _is_infinite(abs(expected)):
            return False
        return bool(abs(expected - actual) <= self.tolerance)

    __hash__ = None

    @property
    def tolerance(self) -> Any:
        """Largest distance that counts as equal, in the unit of `expected`.

        Raises:
            ValueError: If a given tolerance is negative or NaN.
        """
        rel, absolute = self._tolerance.rel, self._tolerance.abs
        least = absolute
        if least is None:
            least = Decimal("1e-12") if self._decimal else 1e-12
        _refuse_bad("absolute", least)
        if rel is None and absolute is not None:
            return least
        if rel is None:
            rel = Decimal("1e-6") if self._decimal else 1e-6
        relative = rel * abs(self.expected)
        _refuse_bad("relative", relative)
        return max(relative, least)


class ApproxTime(Approx):
    """A datetime or timedelta within a timedelta, or a timedelta within a share of itself."""

    __hash__ = None

    def __init__(self, expected: datetime | timedelta, tolerance: _Tolerance) -> None:
        rel, absolute = tolerance.rel, tolerance.abs
        if tolerance.nan_ok or (rel is None and absolute is None):
            message = "approx() of a time needs abs=timedelta(...) or rel=..., and no nan_ok"
            raise TypeError(message)
        if absolute is not None and not isinstance(absolute, timedelta):
            message = f"absolute tolerance must be a timedelta, got {type(absolute).__name__}"
            raise TypeError(message)
        if rel is not None and not isinstance(rel, int | float):
            message = f"relative tolerance must be a number, got {type(rel).__name__}"
            raise TypeError(message)
        if absolute is not None and absolute < timedelta(0):
            message = f"absolute tolerance can't be negative: {absolute}"
            raise ValueError(message)
        super().__init__(expected, tolerance)
        self._limit = max(x for x in (absolute, _share(expected, rel)) if x is not None)

    def __repr__(self) -> str:
        return f"{self.expected} ± {self._limit}"

    def __eq__(self, actual: object) -> bool:
        try:
            return bool(abs(self.expected - actual) <= self._limit)
        except (TypeError, OverflowError):
            return False


class ApproxSequence(Approx):
    """An ordered sequence of numbers, each within the tolerance."""

    __hash__ = None

    def __init__(self, expected: Any, tolerance: _Tolerance) -> None:
        _refuse_nested(expected)
        super().__init__(expected, tolerance)

    def __repr__(self) -> str:
        kind = type(self.expected) if type(self.expected) in (tuple, list) else list
        return f"approx({bounded_repr(kind(self._part(x) for x in self.expected))})"

    def __eq__(self, actual: object) -> bool:
        given: Any = actual
        try:
            if len(given) != len(self.expected):
                return False
        except TypeError:
            return False
        pairs = zip(given, self.expected, strict=True)
        return all(a == self._part(x) for a, x in pairs)

    def mismatches(self, actual: Any) -> list[str]:
        """Say which indexes lie outside the tolerance."""
        if not isinstance(actual, Sized) or not isinstance(actual, Iterable):
            return super().mismatches(actual)
        if len(actual) != len(self.expected):
            return [f"lengths differ: {len(actual)} items, expected {len(self.expected)}"]
        triples = zip(range(len(actual)), actual, self.expected, strict=False)
        return _shown_pairs((i, a, self._part(x)) for i, a, x in triples)


class ApproxMapping(Approx):
    """A mapping with the same keys whose values lie within the tolerance."""

    __hash__ = None

    def __init__(self, expected: Mapping[Any, Any], tolerance: _Tolerance) -> None:
        _refuse_nested(expected.values())
        super().__init__(expected, tolerance)

    def __repr__(self) -> str:
        return f"approx({bounded_repr({k: self._part(v) for k, v in self.expected.items()})})"

    def __eq__(self, actual: object) -> bool:
        given: Any = actual
        try:
            if set(given.keys()) != set(self.expected.keys()):
                return False
        except AttributeError:
            return False
        return all(given[k] == self._part(x) for k, x in self.expected.items())

    def mismatches(self, actual: object) -> list[str]:
        """Say which keys are missing or too many, and which values lie outside the tolerance."""
        if not isinstance(actual, Mapping):
            return super().mismatches(actual)
        missing = [k for k in self.expected if k not in actual]
        unexpected = [k for k in actual if k not in self.expected]
        lines = [f"missing keys: {_shown(missing)}"] if missing else []
        lines += [f"unexpected keys: {_shown(unexpected)}"] if unexpected else []
        common = (k for k in self.expected if k in actual)
        return lines + _shown_pairs((k, actual[k], self._part(self.expected[k])) for k in common)


def approx(expected: Any, rel: Any = None, abs: Any = None, nan_ok: bool = False) -> Approx:  # noqa: A002 - pytest's name
    """Return an object equal to whatever lies within a tolerance of `expected`.

    Args:
        expected: A number, datetime, timedelta, or a flat ordered sequence or mapping of them;
            anything else is compared strictly.
        rel: Relative tolerance, a share of `expected`; 1e-6 unless `abs` alone is given.
        abs: Absolute tolerance in the unit of `expected`; 1e-12 by default.
        nan_ok: Whether NaN equals NaN.

    Raises:
        TypeError: If `expected` is unordered or nested, or a tolerance has the wrong type.
    """
    tolerance = _Tolerance(rel, abs, nan_ok)
    if isinstance(expected, Mapping):
        return ApproxMapping(expected, tolerance)
    if isinstance(expected, datetime | timedelta):
        return ApproxTime(expected, tolerance)
    if isinstance(expected, str | bytes):
        return ApproxNumber(expected, tolerance)
    if hasattr(expected, "__getitem__") and isinstance(expected, Sized):
        return ApproxSequence(expected, tolerance)
    if isinstance(expected, Collection):
        message = f"approx() only supports ordered sequences, but got: {_shown(expected)}"
        raise TypeError(message)
    return ApproxNumber(expected, tolerance)


def _refuse_nested(items: Iterable[object]) -> None:
    for item in items:
        if isinstance(item, Collection) and not isinstance(item, _TEXTS):
            message = f"approx() does not support nested data: {_shown(item)}"
            raise TypeError(message)


def _refuse_bad(name: str, tolerance: Any) -> None:
    if _is_nan(tolerance):
        message = f"{name} tolerance can't be NaN."
        raise ValueError(message)
    if tolerance < 0:
        message = f"{name} tolerance can't be negative: {tolerance}"
        raise ValueError(message)


def _share(expected: Any, rel: float | None) -> timedelta | None:
    if rel is None:
        return None
    if isinstance(expected, datetime):
        message = "approx() has no relative tolerance for a datetime; use abs=timedelta(...)"
        raise TypeError(message)
    if not 0 <= rel < math.inf:
        message = f"relative tolerance must be finite and not negative: {rel}"
        raise ValueError(message)
    share: timedelta = rel * abs(expected)
    return share


def _shown_pairs(triples: Iterable[tuple[object, object, Approx]]) -> list[str]:
    unequal = [(key, actual, part) for key, actual, part in triples if actual != part]
    lines = [f"at [{_shown(k)}]: {_shown(a)}, expected {p!r}" for k, a, p in unequal[:_MAX_SHOWN]]
    if len(unequal) > _MAX_SHOWN:
        lines.append(f"… {len(unequal) - _MAX_SHOWN} more lie outside the tolerance")
    return lines


def _shown(value: object) -> str:
    return bounded_repr(value, _ITEM_CHARS)


def _exact(tolerance: Any) -> Any:
    return Decimal(tolerance) if isinstance(tolerance, int | float) else tolerance


def _is_number(value: object) -> bool:
    return isinstance(value, Complex | Decimal) and not isinstance(value, bool)


def _is_nan(value: Any) -> bool:
    return value.is_nan() if isinstance(value, Decimal) else math.isnan(value)


def _is_infinite(value: Any) -> bool:
    return value.is_infinite() if isinstance(value, Decimal) else math.isinf(value)
