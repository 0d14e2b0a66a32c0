"""Which calls of methods go without a fetch, and when the fetch comes back."""

import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Any

import pytest

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
        assert may_end.wait(10)

    with Table(source, (), ("Account",)) as table:
        account = table.solution.Account()
        account.deposit(1)
        closing = Thread(target=account.close_slowly, args=(until,))
        closing.start()
        assert is_closing.wait(10)
        remembered = table.side.known_method(vars(account)["_number"], "deposit")
        may_end.set()
        found = account.deposit
        closing.join(10)

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
