# /// corpus
# entry_points = ["transfer"]
# exported_classes = ["Account"]
# ///
from contextlib import contextmanager


class Frozen(Exception):
    """The account may not be used."""


class Account:
    opened = 0

    def __init__(self, owner, balance=0):
        Account.opened += 1
        self.owner = owner
        self._balance = balance
        self.history = []
        self.frozen = False

    @property
    def balance(self):
        return self._balance

    @balance.setter
    def balance(self, amount):
        if amount < 0:
            raise ValueError(f"{self.owner} would owe {-amount}")
        self._balance = amount

    @balance.deleter
    def balance(self):
        self._balance = 0

    def pay(self, amount, *, to):
        if self.frozen:
            raise Frozen(self.owner)
        self.balance -= amount
        to.balance += amount
        self.history.append((to.owner, amount))
        return self

    def __enter__(self):
        self.frozen = True
        return self

    def __exit__(self, kind, error, traceback):
        self.frozen = False
        return kind is not None and issubclass(kind, LookupError)

    @contextmanager
    def bonus(self, amount):
        self._balance += amount
        yield self._balance
        self._balance -= amount


def transfer(one, other, amount):
    one.pay(amount, to=other)
    return {"from": one.balance, "to": other.balance}
