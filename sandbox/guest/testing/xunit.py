"""Set-up and teardown functions by name, as fixtures every test around them uses."""

from collections.abc import Callable, Iterator
from typing import Any
from unittest import TestCase

from sandbox.guest.testing.fixture_values import FixtureRequest
from sandbox.guest.testing.fixtures import Fixture, FixtureDefinition, Scope


def module_fixtures(module: object) -> Iterator[Fixture]:
    """Yield fixtures for `setup_module`, `setup_function` and their counterparts."""
    setup, teardown = (
        _first(module, ("setUpModule", "setup_module")),
        _first(module, ("tearDownModule", "teardown_module")),
    )
    if setup or teardown:

        def around_module(request: FixtureRequest) -> Iterator[None]:
            yield from _around(setup, teardown, request.module)

        yield _autouse("@module", around_module, Scope.MODULE)
    setup_function = _first(module, ("setup_function",))
    teardown_function = _first(module, ("teardown_function",))
    if setup_function or teardown_function:

        def around_function(request: FixtureRequest) -> Iterator[None]:
            if request.instance is None:
                yield from _around(setup_function, teardown_function, request.function)
            else:
                yield

        yield _autouse("@function", around_function, Scope.FUNCTION)


def class_fixtures(cls: type) -> Iterator[Fixture]:
    """Yield fixtures for `setup_class`, `setup_method`, `setUpClass` and their counterparts."""
    if issubclass(cls, TestCase):
        yield _autouse(f"@setUpClass {cls.__qualname__}", _unittest_class(cls), Scope.CLASS)
    setup, teardown = _first(cls, ("setup_class",)), _first(cls, ("teardown_class",))
    if setup or teardown:

        def around_class(request: FixtureRequest) -> Iterator[None]:
            yield from _around(_unbound(setup), _unbound(teardown), request.cls)

        yield _autouse(f"@class {cls.__qualname__}", around_class, Scope.CLASS)
    if _first(cls, ("setup_method",)) or _first(cls, ("teardown_method",)):

        def around_method(request: FixtureRequest) -> Iterator[None]:
            bound = request.instance if isinstance(request.instance, cls) else None
            setup_method = _first(bound, ("setup_method",))
            teardown_method = _first(bound, ("teardown_method",))
            yield from _around(setup_method, teardown_method, request.function)

        yield _autouse(f"@method {cls.__qualname__}", around_method, Scope.FUNCTION)


def _unittest_class(cls: Any) -> Callable[..., Iterator[None]]:
    def around() -> Iterator[None]:
        try:
            cls.setUpClass()
            yield
            cls.tearDownClass()
        finally:
            cls.doClassCleanups()
            for _kind, error, _traceback in cls.tearDown_exceptions:
                raise error

    return around


def _autouse(name: str, factory: Callable[..., Any], scope: Scope) -> Fixture:
    arguments = factory.__code__.co_varnames[: factory.__code__.co_argcount]
    return Fixture(name, factory, arguments, scope, autouse=True)


def _around(setup: Any, teardown: Any, argument: object) -> Iterator[None]:
    if setup is not None:
        _call(setup, argument)
    yield
    if teardown is not None:
        _call(teardown, argument)


def _call(function: Any, argument: object) -> None:
    taken_count = function.__code__.co_argcount - hasattr(function, "__self__")
    function(*(argument,) * min(taken_count, 1))


def _first(holder: object, names: tuple[str, ...]) -> Any:
    for name in names:
        found = getattr(holder, name, None)
        if found is not None and not isinstance(found, FixtureDefinition):
            return found
    return None


def _unbound(function: Any) -> Any:
    return getattr(function, "__func__", function)
