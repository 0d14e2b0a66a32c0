"""Fixtures as they are declared: `pytest.fixture`, where each is visible, what a test needs."""

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator
from enum import IntEnum
from typing import Any, Final, Literal

from msgspec import Struct

from sandbox.guest.testing.marks import ParameterSet
from sandbox.guest.testing.outcomes import CollectionFailed, Failed
from sandbox.guest.testing.parametrization import Parametrization, named_sets

_ASYNC_FLAGS: Final = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
REQUEST_NAME: Final = "request"


class Scope(IntEnum):
    """How long a fixture's value lives, narrowest first."""

    FUNCTION = 0
    CLASS = 1
    MODULE = 2


_SCOPES: Final = {
    "function": Scope.FUNCTION,
    "class": Scope.CLASS,
    "module": Scope.MODULE,
    "package": Scope.MODULE,
    "session": Scope.MODULE,
}


class FixtureDefinition:
    """What `pytest.fixture` makes of a function."""

    def __init__(self, function: Callable[..., Any], options: dict[str, Any]) -> None:
        self.function = function
        self.options = options

    def __call__(self, *_args: object, **_kwargs: object) -> None:
        """Refuse to be called: tests ask for a fixture by naming it as an argument."""
        raise Failed("a fixture was called directly; name it as an argument of the test instead")


class Fixture(Struct, frozen=True, eq=False):
    """One fixture at the place where it is visible. Equal to itself alone."""

    name: str
    factory: Callable[..., Any]
    arguments: tuple[str, ...]
    scope: Scope = Scope.FUNCTION
    autouse: bool = False
    params: Parametrization | None = None
    binding: Literal["none", "instance", "class"] = "none"
    """What the factory takes as its first argument."""
    holder: type | None = None
    """The test class that declares it."""

    @property
    def yields(self) -> bool:
        """Whether the factory is a generator: set up, value, tear down."""
        return bool(self.factory.__code__.co_flags & inspect.CO_GENERATOR)


class Visibility:
    """The fixtures that tests of one module or class can name."""

    def __init__(self, fixtures: Iterable[Fixture], outer: "Visibility | None" = None) -> None:
        self.chains: dict[str, tuple[Fixture, ...]] = dict(outer.chains) if outer else {}
        self.autouse: list[str] = list(outer.autouse) if outer else []
        for fixture in fixtures:
            self.chains[fixture.name] = (*self.chains.get(fixture.name, ()), fixture)
            if fixture.autouse and fixture.name not in self.autouse:
                self.autouse.append(fixture.name)

    def closure(self, names: Iterable[str], direct: Collection[str]) -> tuple[str, ...]:
        """Return everything to set up for a test, widest scope first.

        Args:
            names: What the test itself asks for, in order; autouse fixtures come first anyway.
            direct: Arguments that `parametrize` fills.

        Raises:
            CollectionFailed: If a fixture is unknown, asks for itself, or outlives what it needs.
        """
        found: dict[str, None] = {}
        for name in (*self.autouse, *names):
            self._visit(name, direct, found, ())
        return tuple(sorted(found, key=lambda name: -self.scope(name, direct)))

    def scope(self, name: str, direct: Collection[str] = ()) -> Scope:
        """Return how long the innermost fixture `name` lives."""
        chain = () if name in direct else self.chains.get(name, ())
        return chain[-1].scope if chain else Scope.FUNCTION

    def _visit(
        self,
        name: str,
        direct: Collection[str],
        found: dict[str, None],
        path: tuple[Fixture, ...],
    ) -> None:
        if name == REQUEST_NAME:
            found[name] = None
            return
        fixture = None if name in direct else fixture_for(self.chains, name, path)
        if fixture is None and name not in direct:
            raise CollectionFailed(self._unknown(name))
        if path and path[-1].scope > (fixture.scope if fixture else Scope.FUNCTION):
            message = f"fixture {path[-1].name!r} lives longer than {name!r}, which it asks for"
            raise CollectionFailed(message)
        found[name] = None
        if fixture is not None:
            for argument in fixture.arguments:
                self._visit(argument, direct, found, (*path, fixture))

    def _unknown(self, name: str) -> str:
        if name in self.chains:
            return f"fixture {name!r} asks for itself"
        known = ", ".join(sorted(key for key in self.chains if not key.startswith("@")))
        return f"fixture {name!r} does not exist; there are: {known}"


def fixture_for(
    chains: dict[str, tuple[Fixture, ...]], name: str, path: tuple[Fixture, ...]
) -> Fixture | None:
    """Return the innermost fixture `name` that is not being set up already.

    Args:
        path: The fixtures that asked for it, outermost first; one that overrides another of its
            own name may ask for that one.
    """
    for fixture in reversed(chains.get(name, ())):
        if fixture not in path:
            return fixture
    return None


def fixture(function: Callable[..., Any] | None = None, **options: Any) -> Any:
    """Declare a fixture, with pytest's own arguments.

    Raises:
        TypeError: If an argument is unknown or a scope does not exist.
    """
    unknown = options.keys() - {"scope", "params", "autouse", "ids", "name"}
    if unknown or options.get("scope", "function") not in _SCOPES:
        message = f"fixture() takes scope={'|'.join(_SCOPES)}, params, autouse, ids and name"
        raise TypeError(message)
    if function is None:
        return lambda decorated: FixtureDefinition(decorated, options)
    return FixtureDefinition(function, options)


def declared_fixtures(holder: Any) -> Iterator[Fixture]:
    """Yield the fixtures of a module or a test class, inherited ones first.

    Raises:
        CollectionFailed: If one is no plain function or generator function.
    """
    is_class = isinstance(holder, type)
    members: dict[str, object] = {}
    for kind in reversed(holder.__mro__) if is_class else (holder,):
        members |= vars(kind)
    # In order of name, as pytest sets up autouse fixtures.
    for name, member in sorted(members.items()):
        if type(member) is FixtureDefinition:
            yield _fixture(name, member, holder if is_class else None, static=False)
        elif isinstance(member, staticmethod | classmethod):
            definition = member.__func__
            if isinstance(definition, FixtureDefinition):
                static = isinstance(member, staticmethod)
                yield _fixture(name, definition, holder, static=static)


def required_arguments(function: Any, *, bound: bool) -> tuple[str, ...]:
    """Return the names of the arguments without defaults that can be given by keyword.

    Args:
        bound: Whether the first one is `self` or `cls`.
    """
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    code = function.__code__
    with_default = len(function.__defaults__ or ())
    positional = code.co_varnames[code.co_posonlyargcount : code.co_argcount - with_default]
    if bound and not code.co_posonlyargcount:
        positional = positional[1:]
    if not code.co_kwonlyargcount:
        return tuple(positional)
    keyword = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    defaults = function.__kwdefaults__ or {}
    return (*positional, *(name for name in keyword if name not in defaults))


def _fixture(
    attribute: str, definition: FixtureDefinition, holder: type | None, *, static: bool
) -> Fixture:
    factory: Any = definition.function
    options = definition.options
    binding: Literal["none", "instance", "class"] = "none"
    if holder is not None and not static:
        binding = "instance"
    if isinstance(factory, classmethod):
        factory, binding = factory.__func__, "class"
    elif isinstance(factory, staticmethod):
        factory, binding = factory.__func__, "none"
    name = options.get("name") or attribute
    code = getattr(factory, "__code__", None)
    if code is None or code.co_flags & _ASYNC_FLAGS:
        message = f"fixture {name!r} must be a plain function or a generator function"
        raise CollectionFailed(message)
    params = options.get("params")
    return Fixture(
        name=name,
        factory=factory,
        arguments=required_arguments(factory, bound=binding != "none"),
        scope=_SCOPES[options.get("scope", "function")],
        autouse=bool(options.get("autouse")),
        params=None if params is None else _named(name, params, options.get("ids")),
        binding=binding,
        holder=holder,
    )


def _named(name: str, params: Iterable[Any], ids: Any) -> Parametrization:
    sets = [p if isinstance(p, ParameterSet) else ParameterSet((p,)) for p in params]
    return named_sets([name], sets, ids)
