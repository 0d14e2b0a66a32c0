"""Objects, classes and functions of the submission, as its tests use them."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.guest.nodes import Unsendable
from tests.unit.sandbox.conversing import Table, called

ACCOUNT = """
class Account:
    def __init__(self, owner, balance=0): self.owner, self.balance = owner, balance
    def deposit(self, amount): self.balance += amount; return self
    def __eq__(self, other): return isinstance(other, Account) and other.balance == self.balance
    def __hash__(self): return 5
    def __add__(self, n): return Account(self.owner, self.balance + n)
    def __radd__(self, n): return n + self.balance
    def __len__(self): return self.balance
    def __getitem__(self, key): return (self.owner, key)
    def __contains__(self, n): return n <= self.balance
    def __iter__(self): return iter([self.owner, self.balance])
    def __repr__(self): return f"Account({self.owner!r})"
    def __enter__(self): return self
    def __exit__(self, kind, value, tb): return kind is not None and issubclass(kind, ValueError)
    def __bool__(self): return False
    @property
    def doubled(self): return self.balance * 2
    @classmethod
    def of(cls, owner): return cls(owner)
class Savings(Account): pass
class Always:
    def __eq__(self, other): return True
def stream(): yield 1
def f(kind="Account", *a): return globals()[kind]("ann", *a)
"""


@pytest.fixture
def bank() -> Any:
    with Table(ACCOUNT, ("f",), ("Account", "Always")) as table:
        yield table.solution


def test_an_instance_of_an_exported_class_is_used_where_it_lives(bank: Any) -> None:
    account = bank.Account("ann", balance=5)

    assert account.deposit(2) is account
    assert (account.owner, account.balance, account.doubled) == ("ann", 7, 14)
    assert (account + 1).balance == 8
    assert 1 + account == 8
    assert len(account) == 7
    assert account["k"] == ("ann", "k")
    assert 7 in account
    assert 8 not in account
    assert list(account) == ["ann", 7]
    assert repr(account) == "Account('ann')"
    assert not account
    account.balance = 1
    assert account.doubled == 2
    del account.owner
    with pytest.raises(AttributeError, match="owner"):
        account.owner  # noqa: B018 - asking is the point
    assert isinstance(account, bank.Account)
    assert not isinstance(5, bank.Account)
    assert bank.Account.of("bob").owner == "bob"
    assert hash(account) == 5


def test_two_instances_are_compared_by_the_submission(bank: Any) -> None:
    assert bank.Account("a", 1) == bank.Account("b", 1)
    assert bank.Account("a", 1) != bank.Account("a", 2)


def test_an_instance_is_never_equal_to_plain_data(bank: Any) -> None:
    always = bank.Always()

    plain: Any
    for plain in (0, 1, None, "x", [], (), {}, True, 1.5):
        assert not always == plain  # noqa: SIM201 - both operators are meant
        assert not plain == always  # noqa: SIM201
        assert always != plain
        assert plain != always
    assert always not in [1, 2, 3]
    assert [always] != [1]


def test_an_instance_of_a_subclass_is_one_of_the_exported_class(bank: Any) -> None:
    assert bank.f("Savings", 3).balance == 3
    assert isinstance(bank.f("Savings", 3), bank.Account)


def test_an_instance_may_be_an_argument_and_comes_back_as_itself(bank: Any) -> None:
    account = bank.f("Account", 3)

    assert (account == account) is True  # noqa: PLR0124 - the submission is asked
    with account as entered:
        assert entered is account
        raise ValueError("swallowed by __exit__")


def test_a_class_that_is_not_exported_can_not_be_used(bank: Any) -> None:
    with pytest.raises(AttributeError, match="a class that the task does not export"):
        bank.Savings  # noqa: B018 - asking is the point


def test_a_proxy_outlives_its_process_as_a_text_only(bank: Any) -> None:
    account = bank.Account("ann")
    deposit, stream = account.deposit, bank.stream()
    bank.__dict__["_solution"].disconnect()

    assert repr(account) == "<Account, whose process has ended>"
    uses: list[Callable[[], Any]] = [
        lambda: account.deposit,
        lambda: deposit(1),
        lambda: account + 1,
        account,
        account.__enter__,
        lambda: account.__exit__(None, None, None),
        lambda: next(stream),
        lambda: stream.send(1),
        lambda: bank.f("Account", deposit),
        lambda: bank.f("Account", stream),
        lambda: bank.f("Account", account),
    ]
    for use in uses:
        with pytest.raises(Unsendable, match="a submission process that has ended"):
            use()


def test_a_function_that_is_not_declared_is_found_by_its_name() -> None:
    with Table("def f(): pass\ndef other(x): return x + 1\nLIMIT = [1]") as table:
        assert table.solution.other(1) == 2
        assert table.solution.LIMIT == [1]
        with pytest.raises(AttributeError):
            table.solution.nothing  # noqa: B018 - asking is the point


def test_a_missing_entry_point_fails_the_call() -> None:
    with pytest.raises(AttributeError, match="'f'"):
        called("x = 1")


def test_an_attribute_that_a_test_passes_and_nobody_has_is_told() -> None:
    with Table("def f(g): return 1", ("f", "g")) as table, pytest.raises(AttributeError):
        table.solution.f(table.solution.g)


def test_functions_of_the_submission_are_arguments_by_name() -> None:
    with Table("def f(g, x): return g(x)\ndef g(x): return x * 2", ("f", "g")) as table:
        assert table.solution.f(table.solution.g, 4) == 8
        assert table.solution.f(len, "abc") == 3
