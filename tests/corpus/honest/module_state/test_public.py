import pytest
from solution import balance, deposit, reset, visits


@pytest.fixture(autouse=True)
def fresh():
    reset()
    yield
    reset()


def test_kept_between_calls():
    deposit("ada", 5)
    deposit("ada", 6)
    assert balance("ada") == 11


def test_reset_between_tests():
    assert balance("ada") == 0


def test_counted():
    before = visits()
    deposit("bob", 1)
    assert visits() == before + 1
