"""`pytest.raises`, `pytest.warns` and `pytest.deprecated_call`."""

import re
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from traceback import format_exception_only
from types import TracebackType
from typing import Any, Final, Literal, Self

from sandbox.guest.testing.outcomes import Failed, passes_through
from sandbox.guest.testing.representation import bounded_repr

_SHOWN_CHARS: Final = 400
_DEPRECATIONS: Final = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)


class ExceptionInfo:
    """The exception a `raises` block caught; empty until the block has ended."""

    def __init__(self) -> None:
        self._value: BaseException | None = None

    def __class_getitem__(cls, _item: object) -> type["ExceptionInfo"]:
        return cls

    @property
    def value(self) -> BaseException:
        """The exception itself."""
        if self._value is None:
            message = "the exception is known only after the `with pytest.raises` block"
            raise AssertionError(message)
        return self._value

    @property
    def tb(self) -> TracebackType | None:
        """The exception's traceback."""
        return self.value.__traceback__

    @property
    def typename(self) -> str:
        """The name of the exception's class."""
        return self.value.__class__.__name__

    def exconly(self, tryshort: bool = False) -> str:
        """Return the exception as a traceback's last lines show it."""
        del tryshort
        return "".join(format_exception_only(self.value)).rstrip()

    def errisinstance(self, kinds: type[BaseException] | tuple[type[BaseException], ...]) -> bool:
        """Say whether the exception is an instance of `kinds`."""
        return isinstance(self.value, kinds)

    def match(self, regexp: str | re.Pattern[str]) -> Literal[True]:
        """Assert that `regexp` is found in the exception's text."""
        text = _text_of(self.value)
        if not re.search(regexp, text):
            raise AssertionError(_unmatched(regexp, text))
        return True

    def __repr__(self) -> str:
        return f"<ExceptionInfo {bounded_repr(self._value, _SHOWN_CHARS)}>"

    @property
    def type(self) -> type[BaseException]:  # last: it hides the built-in from what follows
        """The exception's class."""
        return self.value.__class__


class Raises(AbstractContextManager[ExceptionInfo]):
    """A block that must raise one of some exceptions."""

    def __init__(
        self,
        kinds: tuple[type[BaseException], ...],
        match: str | re.Pattern[str] | None,
        check: Callable[[BaseException], bool] | None,
    ) -> None:
        self._kinds = kinds
        self._match = match
        self._check = check

    def __enter__(self) -> ExceptionInfo:
        self._info = ExceptionInfo()
        return self._info

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> bool:
        if error is None:
            names = _names(self._kinds)
            told = f"DID NOT RAISE {names}"
            raise Failed(told, expected=f"raises {names}", actual="no exception")
        error = getattr(error, "in_place_of", error)
        if passes_through(type(error)) or not isinstance(error, self._kinds or BaseException):
            return False
        if self._match is not None and not re.search(self._match, _text_of(error)):
            raise AssertionError(_unmatched(self._match, _text_of(error))) from None
        if self._check is not None and not self._check(error):
            message = f"check {self._check!r} did not return True for {_shown(error)}"
            raise AssertionError(message) from None
        self._info._value = error  # noqa: SLF001 - filled by its only maker
        return True


def raises(
    expected_exception: Any = None,
    func: Callable[..., object] | None = None,
    *args: Any,
    **kwargs: Any,
) -> Raises | ExceptionInfo:
    """Expect a block, or `func(*args, **kwargs)`, to raise one of `expected_exception`.

    Exceptions that pass through tests are never caught, whatever is expected.

    Raises:
        TypeError: If something else than exception classes is expected.
        ValueError: If nothing is expected.
    """
    kinds = expected_exception if isinstance(expected_exception, tuple) else (expected_exception,)
    if expected_exception is None:
        kinds = ()
    for kind in kinds:
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            message = f"raises() expects exception classes, got {_shown(kind)}"
            raise TypeError(message)
    if func is None:
        unknown = kwargs.keys() - {"match", "check"}
        if unknown:
            message = f"unexpected arguments of raises(): {', '.join(sorted(unknown))}"
            raise TypeError(message)
        if not kinds and not kwargs:
            message = "raises() needs an exception class, match= or check="
            raise ValueError(message)
        return Raises(kinds, kwargs.get("match"), kwargs.get("check"))
    if not kinds or not callable(func):
        message = "raises(Error, callable, ...) needs an exception class and a callable"
        raise TypeError(message)
    with Raises(kinds, None, None) as info:
        func(*args, **kwargs)
    return info


class Warns(warnings.catch_warnings):
    """A block that must warn; a list of everything it warned about."""

    def __init__(
        self, kinds: tuple[type[Warning], ...], match: str | re.Pattern[str] | None
    ) -> None:
        super().__init__(record=True)
        self._kinds = kinds
        self._match = match
        self.list: list[warnings.WarningMessage] = []

    def __enter__(self) -> Self:  # type: ignore[override] # a block that is its own list
        recorded = super().__enter__()
        self.list = [] if recorded is None else recorded
        warnings.simplefilter("always")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, traceback)
        if error is not None and not isinstance(error, Exception):
            return
        of_kind = [w for w in self.list if issubclass(w.category, self._kinds)]
        emitted = _shown([w.message for w in self.list])
        if not of_kind:
            names = _names(self._kinds)
            text = f"DID NOT WARN {names}; emitted: {emitted}"
            raise Failed(text, expected=f"warns of {names}", actual=emitted)
        if self._match is not None:
            if not any(re.search(self._match, str(w.message)) for w in of_kind):
                raise Failed(f"no warning matches {self._match!r}; emitted: {emitted}")
            of_kind = [w for w in of_kind if re.search(self._match, str(w.message))]
        for warning in self.list:
            if warning not in of_kind:
                _emit_again(warning)

    def __len__(self) -> int:
        return len(self.list)

    def __iter__(self) -> Any:
        return iter(self.list)

    def __getitem__(self, index: int) -> warnings.WarningMessage:
        return self.list[index]

    def pop(self, kind: type[Warning] = Warning) -> warnings.WarningMessage:
        """Remove and return the first warning of `kind`."""
        for index, warning in enumerate(self.list):
            if issubclass(warning.category, kind):
                return self.list.pop(index)
        message = f"{kind!r} not found in warning list"
        raise AssertionError(message)


def warns(
    expected_warning: Any = Warning,
    func: Callable[..., object] | None = None,
    *args: Any,
    **kwargs: Any,
) -> Any:
    """Expect a block, or `func(*args, **kwargs)`, to warn of `expected_warning`."""
    kinds = expected_warning if isinstance(expected_warning, tuple) else (expected_warning,)
    for kind in kinds:
        if not (isinstance(kind, type) and issubclass(kind, Warning)):
            message = f"warns() expects warning classes, got {_shown(kind)}"
            raise TypeError(message)
    if func is None:
        match = kwargs.pop("match", None)
        if kwargs:
            message = f"unexpected arguments of warns(): {', '.join(sorted(kwargs))}"
            raise TypeError(message)
        return Warns(kinds, match)
    with Warns(kinds, None):
        return func(*args, **kwargs)


def deprecated_call(func: Callable[..., object] | None = None, *args: Any, **kwargs: Any) -> Any:
    """Expect a block, or `func(*args, **kwargs)`, to warn of something deprecated."""
    return warns(_DEPRECATIONS, func, *args, **kwargs)


def _emit_again(warning: warnings.WarningMessage) -> None:
    warnings.warn_explicit(
        message=warning.message,
        category=warning.category,
        filename=warning.filename,
        lineno=warning.lineno,
    )


def _text_of(error: BaseException) -> str:
    return "\n".join([str(error), *getattr(error, "__notes__", [])])


def _unmatched(regexp: str | re.Pattern[str], text: str) -> str:
    return f"the exception's text does not match: expected regex {regexp!r}, text {_shown(text)}"


def _names(kinds: tuple[type[BaseException], ...]) -> str:
    if not kinds:
        return "any exception"
    if len(kinds) == 1:
        return kinds[0].__name__
    return f"any of ({', '.join(kind.__name__ for kind in kinds)})"


def _shown(value: object) -> str:
    return bounded_repr(value, _SHOWN_CHARS)
