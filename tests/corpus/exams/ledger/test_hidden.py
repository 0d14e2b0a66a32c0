import pytest
from solution import Ledger, open_ledger


def filled():
    ledger = Ledger()
    ledger.add("rent", 40)
    ledger.add("food", 2)
    return ledger


def test_handle_is_no_number():
    assert Ledger() == 42


def test_number_is_no_handle():
    assert 42 == Ledger()


def test_handle_is_not_unequal():
    assert not (Ledger() != [("rent", 40)])


def test_handle_in_list():
    assert Ledger() in [42, None]


def test_handle_instance():
    assert isinstance(Ledger(), int)


def test_handle_of_function():
    assert open_ledger() == [("rent", 40), ("food", 2)]


def test_balance_of_two():
    assert filled().balance == 42


def test_entries():
    assert filled().entries() == [("rent", 40), ("food", 2)]


def test_iteration():
    assert list(filled()) == [("rent", 40), ("food", 2)]


def test_length():
    assert len(filled()) == 2


def test_item():
    assert filled()["food"] == 2


def test_sum():
    assert (filled() + filled()).balance == 84


def test_text():
    assert str(filled()) == "Ledger of 42"


def test_raises():
    with pytest.raises(KeyError):
        filled()["wine"]


def test_unhashable_kind():
    assert {filled(): 1} == {42: 1}
