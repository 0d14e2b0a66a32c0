"""What a test holds for the submission's objects: functions, classes, handles, iterators."""

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Final, Protocol, cast

from sandbox.guest.encoding import Encoder
from sandbox.guest.exceptions import describe
from sandbox.guest.methods import RememberedMethods
from sandbox.guest.nodes import Unsendable

_NUMBERS: Final = 2**63
"""More fetches than there can be, and few enough that their numbers can be packed."""
_DEPTH: Final = 50
"""Nesting of what an exception of the test's carries into a submission's `__exit__`."""

_FORWARDED: Final = {
    f"__{name}__": name
    for name in (
        "add sub mul truediv floordiv mod pow matmul lshift rshift xor "
        "iadd isub imul itruediv ifloordiv imod ipow imatmul iand ior ixor ilshift irshift "
        "lt le gt ge contains getitem setitem delitem neg pos invert index "
        "len bool str format int float complex abs round divmod iter reversed"
    ).split()
} | {"__and__": "and_", "__or__": "or_"}
_REFLECTED: Final = {
    f"__r{name.strip('_')}__": name
    for name in "add sub mul truediv floordiv mod pow matmul lshift rshift xor divmod".split()
} | {"__rand__": "and_", "__ror__": "or_"}


class Wire(Protocol):
    """What proxies need of the examiner's side."""

    life: int
    methods: RememberedMethods

    def known_method(self, number: int, name: str) -> Callable[..., Any] | None:
        """Return an object's method that need not be fetched, None where it has to be."""
        ...

    def ask(self, operation: str, target: Any, args: Any, kwargs: Any) -> Any:
        """Put one request to the candidate."""
        ...


class ProxyClass(type):
    """An exported class of the submission, as tests see it."""

    _solution: Wire

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Have the submission make an instance."""
        return cls._solution.ask("call", [None, [cls.__name__]], args, kwargs)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _class_attribute(cls._solution, [cls.__name__, name])

    def __instancecheck__(cls, instance: Any) -> bool:
        if not isinstance(type(instance), ProxyClass):
            return False
        return bool(cls._solution.ask("operate", "isinstance", (instance, cls), {}))


def _forward(operation: str) -> Callable[..., Any]:
    def method(self: Any, *operands: Any) -> Any:
        return self._solution.ask("operate", operation, (self, *operands), {})

    return method


def _reflect(operation: str) -> Callable[..., Any]:
    def method(self: Any, other: Any) -> Any:
        return self._solution.ask("operate", operation, (other, self), {})

    return method


def _demand(life: int, solution: Wire) -> None:
    if life != solution.life:
        raise Unsendable("the object lived in a submission process that has ended")


class Handle:
    """An instance of an exported class that lives in the candidate.

    Against plain data it is unequal, always; two handles are compared by the submission.
    """

    _solution: Wire
    _number: int
    _life: int

    def __getattr__(self, name: str) -> Any:
        _demand(self._life, self._solution)
        known = self._solution.known_method(self._number, name)
        return known if known is not None else _fetched(self._solution, self._number, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._solution.ask("operate", "setattr", (self, name, value), {})

    def __delattr__(self, name: str) -> None:
        self._solution.ask("operate", "delattr", (self, name), {})

    def __eq__(self, other: object) -> bool:
        if not isinstance(type(other), ProxyClass):
            return False
        return bool(self._solution.ask("operate", "eq", (self, other), {}))

    def __ne__(self, other: object) -> bool:
        if not isinstance(type(other), ProxyClass):
            return True
        return bool(self._solution.ask("operate", "ne", (self, other), {}))

    def __hash__(self) -> int:
        return int(self._solution.ask("operate", "hash", (self,), {}))

    def __repr__(self) -> str:
        if self._life != self._solution.life:
            return f"<{type(self).__name__}, whose process has ended>"
        return str(self._solution.ask("operate", "repr", (self,), {}))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Have the submission call the instance."""
        return function(self._solution, self._number, [], life=self._life)(*args, **kwargs)

    def __enter__(self) -> Any:
        return function(self._solution, self._number, ["__enter__"], life=self._life)()

    def __next__(self) -> Any:
        """Take the next item of an instance that is its own iterator."""
        return function(self._solution, self._number, ["__next__"], life=self._life)()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        _demand(self._life, self._solution)
        raised = None
        if value is not None:
            raised = describe(value, Encoder(_DEPTH, lambda _: None), "")
        return bool(self._solution.ask("exit", [self._number, raised], (), {}))


for _name, _operation in _FORWARDED.items():
    setattr(Handle, _name, _forward(_operation))
for _name, _operation in _REFLECTED.items():
    setattr(Handle, _name, _reflect(_operation))


def proxy_class(name: str, solution: Wire) -> ProxyClass:
    """Make the class that stands for an exported one."""
    return ProxyClass(name, (Handle,), {"__module__": "solution", "_solution": solution})


def handle(kind: ProxyClass, number: int, *, life: int) -> Any:
    """Make the proxy of one instance.

    Args:
        life: How many candidates the exam had lost when the instance was met.
    """
    made: Any = object.__new__(cast("type[object]", kind))
    vars(made).update(_number=number, _life=life)
    return made


def number_of(proxy: Any) -> int:
    """Return the number of the instance behind a handle.

    Raises:
        Unsendable: If it lived in a process that has ended.
    """
    facts = vars(proxy)
    _demand(facts["_life"], type(proxy)._solution)  # noqa: SLF001 - of this module
    number: int = facts["_number"]
    return number


class ProxyIterator:
    """An iterator or generator that lives in the candidate, taken one `next` at a time."""

    def __init__(self, solution: Wire, number: int) -> None:
        self.solution = solution
        self._number = number
        self._life = solution.life

    @property
    def number(self) -> int:
        """The iterator's number, while its process lives."""
        _demand(self._life, self.solution)
        return self._number

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return self.solution.ask("next", self.number, (), {})

    def __getattr__(self, name: str) -> Any:
        if name not in ("send", "throw", "close"):
            raise AttributeError(f"an iterator of the submission has no {name!r} here")
        return function(self.solution, self._number, [name], life=self._life)


def function(
    solution: Wire,
    root: int | None,
    path: list[str],
    *,
    life: int | None = None,
    fetched: int | None = None,
) -> Callable[..., Any]:
    """Make the function that calls the submission's one at `path` below `root`.

    Args:
        root: Number of an object in the candidate; None for the module.
        life: How many candidates the exam had lost when `root` was met.
        fetched: Number of what was found at `path`, which is called while the candidate keeps it;
            then, and where None, `path` is looked up at each call.
    """
    target = [root, path] if fetched is None else [root, path, fetched]

    def call(*args: Any, **kwargs: Any) -> Any:
        if life is not None:
            _demand(life, solution)
        return solution.ask("call", target, args, kwargs)

    call.__name__ = call.__qualname__ = path[-1] if path else "function"
    call.__module__ = "solution"
    call.submission_target = target  # type: ignore[attr-defined]
    call.submission_life = life  # type: ignore[attr-defined]
    return call


def target_of(value: Any, solution: Wire) -> list[Any] | None:
    """Return what a function made here calls, None for any other object.

    Raises:
        Unsendable: If it lived in a process that has ended.
    """
    target: list[Any] | None = getattr(value, "submission_target", None)
    if target is not None and value.submission_life is not None:
        _demand(value.submission_life, solution)
    return target


def _class_attribute(solution: Wire, path: list[str]) -> Any:
    match solution.ask("kind", [None, path], (), {}):
        case ["function"]:
            return function(solution, None, path)
        case other:
            return _value(other, path)


def _fetched(solution: Wire, root: int, name: str) -> Any:
    """Fetch an attribute of an instance, a function by the number of what was found."""
    path = [name]
    asked_in = solution.methods.generation
    match solution.ask("kind", [root, path], (), {}):
        case ["function" | "method" as kind, int() as number] if 0 <= number < _NUMBERS:
            found = function(solution, root, path, life=solution.life, fetched=number)
            if kind == "method":
                solution.methods.remember(root, name, found, asked_in)
            return found
        case other:
            return _value(other, path)


def _value(answer: Any, path: list[str]) -> Any:
    match answer:
        case ["value", value]:
            return value
        case _:
            raise AttributeError(f"{'.'.join(path)} is something the task does not export")
