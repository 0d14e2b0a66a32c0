"""`pytest.mark` and `pytest.param`: what decorators note down for the collection."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from sandbox.guest.testing.outcomes import CollectionFailed

_REFUSED: Final = {
    "skip": "a skipped test would be a silent hole; delete it instead",
    "skipif": "a skipped test would be a silent hole; delete it instead",
    "xfail": "a test that may fail decides nothing; delete it or mend it",
}


class ParameterSet(NamedTuple):
    """Values for one run of a parametrized test, and its name if it was given."""

    values: tuple[object, ...]
    id: str | None = None


class Mark(NamedTuple):
    """One `pytest.mark.<name>(...)`. Decorates what it is called with."""

    name: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = {}  # noqa: RUF012 - never changed

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Attach the mark to a lone function or class, else return a mark with the arguments."""
        if len(args) == 1 and not kwargs and _is_markable(args[0]):
            target = args[0]
            target.pytestmark = [*_own_marks(target), self]
            return target
        return Mark(self.name, (*self.args, *args), {**self.kwargs, **kwargs})


class MarkFactory:
    """`pytest.mark`: any attribute is a mark, but those that would let a test not count."""

    def __getattr__(self, name: str) -> Mark:
        if name in _REFUSED:
            message = f"pytest.mark.{name} is refused: {_REFUSED[name]}"
            raise CollectionFailed(message)
        if name.startswith("_"):
            raise AttributeError(name)
        return Mark(name)


mark: Final = MarkFactory()


def param(*values: object, id: object = None, marks: object = ()) -> ParameterSet:  # noqa: A002 - pytest's name
    """Return the values of one parameter set, named `id`; `marks` change nothing.

    Raises:
        TypeError: If `id` is no string.
    """
    del marks
    if id is not None and not isinstance(id, str):
        message = f"pytest.param id must be a string, got {type(id).__name__}"
        raise TypeError(message)
    return ParameterSet(values, id)


def marks_of(target: object) -> list[Mark]:
    """Return the marks of a function, module or class, nearest decorator and base class first."""
    if not isinstance(target, type):
        return _own_marks(target)
    return [mark for kind in reversed(target.__mro__) for mark in _own_marks(kind)]


def _own_marks(target: Any) -> list[Mark]:
    noted = vars(target).get("pytestmark", [])
    return [noted] if isinstance(noted, Mark) else list(noted)


def _is_markable(target: object) -> bool:
    return isinstance(target, type) or (
        isinstance(target, Callable) and not isinstance(target, Mark)  # type: ignore[arg-type]
    )
