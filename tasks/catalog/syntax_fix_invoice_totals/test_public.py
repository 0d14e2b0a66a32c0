from solution import normalize_invoice_totals


def test_integers_are_added():
    records = [{"id": "a", "total": 10}, {"id": "b", "total": 32}]

    assert normalize_invoice_totals(records) == 42


def test_numeric_strings_are_added():
    records = [{"id": "a", "total": "10"}, {"id": "b", "total": " 5 "}, {"id": "c", "total": 1}]

    assert normalize_invoice_totals(records) == 16


def test_records_without_a_total_count_for_nothing():
    records = [{"id": "a"}, {"id": "b", "total": None}, {"id": "c", "total": 7}]

    assert normalize_invoice_totals(records) == 7
