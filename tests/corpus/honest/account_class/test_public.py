import pytest
import solution
from solution import Account, transfer


@pytest.fixture
def ada():
    return Account("Ada", 100)


@pytest.fixture
def bob():
    return Account("Bob")


def test_properties(ada):
    ada.balance = 50
    assert ada.balance == 50
    with pytest.raises(ValueError, match="Ada would owe 1"):
        ada.balance = -1
    del ada.balance
    assert ada.balance == 0


def test_one_instance_as_argument_of_another(ada, bob):
    assert ada.pay(30, to=bob) is ada
    assert (ada.balance, bob.balance) == (70, 30)
    assert ada.history == [("Bob", 30)]


def test_instances_as_arguments_of_a_function(ada, bob):
    assert transfer(ada, bob, 1) == {"from": 99, "to": 1}


def test_context_manager(ada, bob):
    with ada as same:
        assert same is ada
        with pytest.raises(solution.Frozen, match="Ada"):
            ada.pay(1, to=bob)
    assert ada.frozen is False


def test_context_manager_that_swallows(ada):
    with ada:
        raise KeyError("swallowed")
    assert not ada.frozen


def test_missing_attribute(ada):
    with pytest.raises(AttributeError):
        ada.nickname
    assert not hasattr(ada, "nickname")
    assert getattr(ada, "nickname", "none") == "none"


def test_instances_are_distinct(ada, bob):
    assert ada is not bob
    assert ada != bob
    assert ada == ada
