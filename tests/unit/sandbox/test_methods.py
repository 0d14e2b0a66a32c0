"""Which calls of methods go without a fetch, and when the fetch comes back."""

import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Any

import pytest

from sandbox.guest.methods import FetchedFunctions, RememberedMethods
from tests.unit.sandbox.conversing import Table

ACCOUNT = """
class Account:
    def __init__(self):
        self.balance = 0
    def deposit(self, amount):
        self.balance += amount
        return self.balance
    def withdraw(self, amount):
        self.balance -= amount
        return self.balance
    def close(self):
        self.deposit = None
"""


def asked_of(table: Table) -> list[str]:
    """Return the list that gets the name of each operation asked of the candidate from here on."""
    asked: list[str] = []
    ask = table.side.ask

    def noted(operation: str, target: Any, args: Any, kwargs: Any) -> Any:
        asked.append(operation)
        return ask(operation, target, args, kwargs)

    vars(table.side)["ask"] = noted
    return asked


def test_a_method_is_fetched_once_and_called_in_one_trip_each_after_that() -> None:
    with Table(ACCOUNT, (), ("Account",)) as table:
        account = table.solution.Account()
        asked = asked_of(table)
        balances = [
            account.deposit(5),
            account.withdraw(2),
            account.deposit(5),
            account.withdraw(2),
        ]

    assert balances == [5, 3, 8, 6]
    assert asked == ["kind", "call", "kind", "call", "call", "call"]


def test_a_call_that_changes_what_was_told_brings_the_fetch_back() -> None:
    with Table(ACCOUNT, (), ("Account",)) as table:
        account = table.solution.Account()
        account.deposit(5)
        account.withdraw(1)
        account.close()
        asked = asked_of(table)
        found = account.deposit
        account.withdraw(1)

    assert found is None
    assert asked == ["kind", "kind", "call"]


def test_a_callback_during_a_call_brings_the_fetch_back() -> None:
    source = ACCOUNT + "def f(account, hear): hear(account)\n"
    with Table(source, ("f",), ("Account",)) as table:
        account = table.solution.Account()
        account.deposit(5)
        asked = asked_of(table)
        table.solution.f(account, lambda heard: heard.deposit(1))

    assert asked == ["call", "kind", "call"]


def test_methods_of_many_objects_are_fetched_again_rather_than_kept_for_ever() -> None:
    with Table(ACCOUNT, (), ("Account",)) as table:
        accounts = [table.solution.Account() for _ in range(20)]
        for account in accounts:
            account.deposit(1)
        asked = asked_of(table)
        accounts[-1].deposit(1)
        accounts[0].deposit(1)

    assert asked == ["call", "kind", "call"]


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


MADE_WHEN_ASKED_FOR = """
class Account:
    def __getattr__(self, name):
        return lambda: name
"""


def test_few_fetched_functions_are_kept_and_old_ones_are_looked_up_again() -> None:
    with Table(MADE_WHEN_ASKED_FOR, (), ("Account",)) as table:
        account = table.solution.Account()
        first = account.first
        others = [getattr(account, f"other_{number}")() for number in range(30)]
        kept = len(table._candidate.fetched._kept)
        again = first()

    assert others == [f"other_{number}" for number in range(30)]
    assert kept <= 8
    assert again == "first"


def test_a_method_told_of_is_called_as_it_was_found_however_many_are_fetched_after_it() -> None:
    source = ACCOUNT + "    @staticmethod\n    def kind(): return 'account'\n"
    with Table(source, (), ("Account",)) as table:
        account = table.solution.Account()
        account.deposit(1)
        kinds = {account.kind() for _ in range(30)}
        deposit = account.deposit
        account.close()
        balance = deposit(1)

    assert kinds == {"account"}
    assert balance == 2


def test_a_method_is_fetched_while_another_thread_of_the_tests_is_in_a_call() -> None:
    source = (
        ACCOUNT
        + "    def close_slowly(self, until):\n        self.deposit = None\n        until()\n"
    )
    is_closing, may_end = Event(), Event()

    def until() -> None:
        is_closing.set()
        may_end.wait(10)

    with Table(source, (), ("Account",)) as table:
        account = table.solution.Account()
        account.deposit(1)
        closing = Thread(target=account.close_slowly, args=(until,))
        closing.start()
        assert is_closing.wait(10)
        remembered = table.side.known_method(vars(account)["_number"], "deposit")
        may_end.set()
        found = account.deposit
        closing.join()

    assert (remembered, found) == (None, None)


def test_a_test_that_dives_to_the_end_of_its_own_stack_goes_on() -> None:
    def dive(depth: int, act: Callable[[], object]) -> object:
        try:
            return dive(depth - 1, act) if depth else act()
        except RecursionError:
            return "too deep"

    with Table(ACCOUNT, (), ("Account",)) as table:
        account = table.solution.Account()
        account.deposit(1)
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(1000)
        try:
            answers = [dive(depth, lambda: account.deposit(0)) for depth in range(800, 960)]
        finally:
            sys.setrecursionlimit(limit)

    assert set(answers) == {1, "too deep"}


def test_a_call_near_the_end_of_the_stack_is_answered_wherever_it_meets_it() -> None:
    source = (
        ACCOUNT + "def f(depth, act):\n"
        "    if depth: return f(depth - 1, act)\n"
        "    try: return act()\n"
        "    except RecursionError: return 'too deep'\n"
    )
    with Table(source, ("f",), ("Account",)) as table:
        account = table.solution.Account()
        account.deposit(1)
        answers = {table.solution.f(depth, lambda: account.deposit(0)) for depth in range(900, 990)}

    assert answers == {1, "too deep"}


@pytest.mark.parametrize("number", ["-1", "2 ** 64", "2 ** 200", "True", "'a'", "[]", "10 ** 6"])
@pytest.mark.parametrize("kind", ["function", "method"])
def test_a_fetch_answered_with_nonsense_is_nobodys_trouble_but_the_submissions(
    kind: str, number: str
) -> None:
    with Table(ACCOUNT + f"forged = {number}", (), ("Account",)) as table:
        account = table.solution.Account()
        vars(table._candidate)["_kind"] = lambda *_: [kind, table.submission.forged]
        with suppress(AttributeError):
            account.deposit(5)
        with suppress(AttributeError):
            account.deposit(5)
        still = table.side.ask("operate", "len", ("ab",), {})

    assert still == 2
