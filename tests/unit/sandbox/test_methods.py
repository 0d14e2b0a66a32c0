"""What counts as a method, and how long it is told of and remembered."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.guest.methods import FetchedFunctions, RememberedMethods


def undisturbed() -> FetchedFunctions:
    told = FetchedFunctions()
    told.may_change_by_themselves = lambda: False
    return told


class Plain:
    shared = 1

    def method(self) -> None: ...

    @property
    def computed(self) -> int:
        raise AssertionError("nobody asked")

    @staticmethod
    def static() -> None: ...


class Slotted:
    __slots__ = ("field",)

    def method(self) -> None: ...


class Heir(Plain, Slotted):
    pass


class Watcher:
    def __getattribute__(self, name: str) -> Any:
        raise AssertionError("nobody asked")

    def method(self) -> None: ...


class HeirOfWatcher(Watcher):
    def method(self) -> None: ...


class Disguised:
    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        raise AssertionError("nobody asked")

    def method(self) -> None: ...


class Fieldless:
    __dict__ = None  # type: ignore[assignment]

    def method(self) -> None: ...


class Heiress(Plain):
    method = None  # type: ignore[assignment]


class Metaclass(type):
    def __getattribute__(cls, name: str) -> Any:
        raise AssertionError("nobody asked")

    @property
    def __mro__(cls) -> Any:
        raise AssertionError("nobody asked")


class Ruled(metaclass=Metaclass):
    def method(self) -> None: ...


class DenyingDict(dict[str, Any]):
    def __contains__(self, name: object) -> bool:
        return False


def with_a_field() -> Plain:
    owner = Plain()
    owner.method = 5  # type: ignore[assignment,method-assign]
    return owner


def with_a_denied_field() -> Plain:
    owner = Plain()
    owner.__dict__ = DenyingDict(method=5)
    return owner


@pytest.mark.parametrize(
    ("made", "name", "is_method"),
    [
        pytest.param(Plain, "method", True, id="plain"),
        pytest.param(Slotted, "method", True, id="slotted"),
        pytest.param(Heir, "method", True, id="inherited"),
        pytest.param(Ruled, "method", True, id="of a metaclass"),
        pytest.param(Plain, "shared", False, id="class attribute"),
        pytest.param(Plain, "computed", False, id="property"),
        pytest.param(Plain, "static", False, id="static method"),
        pytest.param(Plain, "absent", False, id="absent"),
        pytest.param(Plain, "__class__", False, id="object's own"),
        pytest.param(Slotted, "field", False, id="slot"),
        pytest.param(Watcher, "method", False, id="own lookup"),
        pytest.param(HeirOfWatcher, "method", False, id="inherited lookup"),
        pytest.param(Disguised, "method", False, id="own fields"),
        pytest.param(Fieldless, "method", False, id="no fields"),
        pytest.param(Heiress, "method", False, id="hidden by None"),
        pytest.param(with_a_field, "method", False, id="hidden by a field"),
        pytest.param(with_a_denied_field, "method", False, id="hidden by a denied field"),
        pytest.param(lambda: 5, "bit_length", False, id="builtin"),
    ],
)
def test_only_what_default_lookup_finds_in_the_class_is_a_method(
    made: Callable[[], object], name: str, is_method: bool
) -> None:
    told = undisturbed()

    assert told.tell(0, made(), name, 1) is is_method


def hide_by_none(owner: Plain) -> None:
    owner.__class__ = Heiress


def hide_by_a_name_that_fails_when_compared(owner: Plain) -> None:
    class Name(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            raise RuntimeError("not to be compared")

    vars(owner)[Name("method")] = 1


@pytest.mark.parametrize("change", [hide_by_none, hide_by_a_name_that_fails_when_compared])
def test_a_change_of_any_kind_is_seen(change: Callable[[Plain], None]) -> None:
    told = undisturbed()
    owner = Plain()
    told.tell(0, owner, "method", 1)
    change(owner)
    told.look()

    assert told.version == 1


def test_a_change_makes_another_version_once() -> None:
    told = undisturbed()
    owner = Plain()
    told.tell(0, owner, "method", 1)
    told.look()
    before = told.version
    vars(owner)["method"] = 5
    told.look()
    changed = told.version
    told.look()

    assert (before, changed, told.version) == (0, 1, 1)


@pytest.mark.parametrize("disturbs", [True, False])
def test_nothing_is_told_while_objects_may_change_by_themselves(disturbs: bool) -> None:
    told = undisturbed()
    told.tell(0, Plain(), "method", 1)
    told.may_change_by_themselves = lambda: disturbs
    told.look()

    assert told.version == disturbs
    assert told.tell(1, Plain(), "method", 2) is not disturbs


def test_a_method_is_forgotten_that_was_asked_for_before_all_was_forgotten() -> None:
    remembered = RememberedMethods()
    asked_in = remembered.generation
    remembered.forget()
    remembered.remember(0, "late", len, asked_in)
    remembered.remember(0, "soon", len, remembered.generation)

    assert remembered.known(0, "late") is None
    assert remembered.known(0, "soon") is len
    assert remembered.known(0, "never") is None
