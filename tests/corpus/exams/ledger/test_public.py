from solution import Ledger


def test_balance():
    ledger = Ledger()
    ledger.add("rent", 40)
    assert ledger.balance == 40
