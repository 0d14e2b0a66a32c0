"""Fixtures at work: set up once a scope, torn down in the opposite order."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

from sandbox.guest.testing.capture import Capture
from sandbox.guest.testing.fixtures import REQUEST_NAME, Fixture, Scope, fixture_for
from sandbox.guest.testing.outcomes import Failed, passes_through


class Needs(NamedTuple):
    """What one test asks for and what its fixtures may know about it."""

    names: tuple[str, ...]
    """Everything to set up, in order."""
    chains: dict[str, tuple[Fixture, ...]]
    direct: dict[str, object]
    """Arguments filled by `parametrize`."""
    params: dict[str, tuple[int, object]]
    """For each fixture with params: which one this test runs with."""
    function: Any
    cls: type | None
    module: ModuleType
    case_method: str = ""
    """The method to run where `cls` is a unittest.TestCase."""


class FixtureRequest:
    """The `request` a fixture may ask for."""

    def __init__(self, needs: Needs, instance: object, capture: Capture) -> None:
        self.function = needs.function
        self.cls = needs.cls
        self.module = needs.module
        self.instance = instance
        self.capture = capture
        self.finalizers: list[Callable[[], object]] = []
        self._param: tuple[object, ...] = ()

    def __class_getitem__(cls, _item: object) -> type["FixtureRequest"]:
        return cls

    @property
    def param(self) -> object:
        """The value of `params` this run is for."""
        if not self._param:
            message = "request.param exists for fixtures with params alone"
            raise AttributeError(message)
        return self._param[0]

    def addfinalizer(self, finalizer: Callable[[], object]) -> None:
        """Have `finalizer` called when the fixture is torn down."""
        self.finalizers.append(finalizer)

    def for_param(self, param: object) -> None:
        """Fill in `param`."""
        self._param = (param,)


class _Entry:
    def __init__(self, fixture: Fixture, param_index: int) -> None:
        self.fixture = fixture
        self.param_index = param_index
        self.value: object = None
        self.error: BaseException | None = None
        self.finalizers: list[Callable[[], object]] = []
        self.dependents: list[Fixture] = []


class FixtureValues:
    """The values that are alive while the tests of one file run."""

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        self._entries: dict[Fixture, _Entry] = {}
        self._cls: type | None = None
        self._holders: dict[type, object] = {}

    def arguments(self, needs: Needs, wanted: tuple[str, ...], instance: object) -> dict[str, Any]:
        """Set up everything `needs` names.

        Returns:
            The values of `wanted`, by name.
        """
        if needs.cls is not self._cls:
            self.close(Scope.CLASS)
            self._cls = needs.cls
        setup = _Setup(self, needs, instance)
        values = {name: setup.value(name, ()) for name in needs.names}
        return {name: values[name] for name in wanted}

    def close(self, widest: Scope) -> None:
        """Tear down every value that lives no longer than `widest`, the newest first.

        Raises:
            BaseException: What the first failing teardown raised, after all of them ran; one
                that passes through tests goes first.
        """
        errors: list[BaseException] = []
        for fixture in reversed(list(self._entries)):
            if fixture.scope <= widest:
                self.discard(fixture, errors)
        errors.sort(key=lambda error: not passes_through(type(error)))
        if errors:
            raise errors[0]

    def discard(self, fixture: Fixture, errors: list[BaseException]) -> None:
        """Tear down one value after everything that was made from it, noting what is raised."""
        entry = self._entries.pop(fixture, None)
        if entry is None:
            return
        for dependent in reversed(entry.dependents):
            self.discard(dependent, errors)
        for finalizer in reversed(entry.finalizers):
            try:
                finalizer()
            except BaseException as error:  # noqa: BLE001 - all of them run, whatever one raises
                errors.append(error)

    def entry(self, fixture: Fixture, param_index: int) -> tuple[_Entry, bool]:
        """Return the live entry of `fixture`, or a new one, and whether it is new."""
        entry = self._entries.get(fixture)
        if entry is not None and entry.param_index == param_index:
            return entry, False
        errors: list[BaseException] = []
        self.discard(fixture, errors)
        if errors:
            raise errors[0]
        entry = self._entries[fixture] = _Entry(fixture, param_index)
        return entry, True

    def owner(self, fixture: Fixture, instance: object) -> tuple[object, ...]:
        """Return the first argument of the fixture's factory, if it takes one."""
        if fixture.binding == "none" or fixture.holder is None:
            return ()
        if fixture.binding == "class":
            return (fixture.holder,)
        if fixture.scope is Scope.FUNCTION:
            return (instance,)
        if fixture.holder not in self._holders:
            self._holders[fixture.holder] = fixture.holder()
        return (self._holders[fixture.holder],)

    def request(self, needs: Needs, instance: object) -> FixtureRequest:
        """Make the `request` of one test or fixture."""
        return FixtureRequest(needs, instance, self._capture)


class _Setup:
    def __init__(self, values: FixtureValues, needs: Needs, instance: object) -> None:
        self._values = values
        self._needs = needs
        self._instance = instance

    def value(self, name: str, path: tuple[Fixture, ...]) -> object:
        needs = self._needs
        if name in needs.direct:
            return needs.direct[name]
        if name == REQUEST_NAME:
            return self._values.request(needs, self._instance)
        fixture = fixture_for(needs.chains, name, path)
        if fixture is None:
            raise Failed(f"fixture {name!r} does not exist")
        entry = self._entry(fixture, path)
        if path:
            self._dependency(entry, path[-1])
        if entry.error is not None:
            raise entry.error
        return entry.value

    @staticmethod
    def _dependency(entry: _Entry, dependent: Fixture) -> None:
        if dependent not in entry.dependents:
            entry.dependents.append(dependent)

    def _entry(self, fixture: Fixture, path: tuple[Fixture, ...]) -> _Entry:
        index, param = self._needs.params.get(fixture.name, (0, None))
        # Values a fixture needs are made first, so that they outlive it.
        request = self._values.request(self._needs, self._instance)
        if fixture.params is not None:
            request.for_param(param)
        given = {
            argument: request
            if argument == REQUEST_NAME
            else self.value(argument, (*path, fixture))
            for argument in fixture.arguments
        }
        entry, new = self._values.entry(fixture, index)
        if new:
            entry.finalizers = request.finalizers
            try:
                self._make(entry, given)
            except BaseException as error:
                entry.error = error
                raise
        return entry

    def _make(self, entry: _Entry, given: dict[str, Any]) -> None:
        fixture = entry.fixture
        made = fixture.factory(*self._values.owner(fixture, self._instance), **given)
        if not fixture.yields:
            entry.value = made
            return
        try:
            entry.value = next(made)
        except StopIteration:
            raise Failed(f"fixture {fixture.name!r} did not yield a value") from None
        entry.finalizers.append(lambda: _finish(fixture.name, made))


def _finish(name: str, generator: Any) -> None:
    try:
        next(generator)
    except StopIteration:
        return
    generator.close()
    raise Failed(f"fixture {name!r} yields more than once")
