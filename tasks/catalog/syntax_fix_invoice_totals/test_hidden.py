import copy

import pytest

from solution import normalize_invoice_totals


def test_no_records_give_zero():
    total = normalize_invoice_totals([])

    assert total == 0
    assert type(total) is int


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("7", 7), ("-15", -15), ("+15", 15), ("007", 7), ("  42  ", 42), (" -3 ", -3)],
)
def test_a_numeric_string_counts_as_its_value(text, value):
    total = normalize_invoice_totals([{"total": 100}, {"total": text}])

    assert total == 100 + value
    assert type(total) is int


@pytest.mark.parametrize("value", [0, 1, -1, 250, -975])
def test_an_integer_counts_as_itself(value):
    assert normalize_invoice_totals([{"total": value}]) == value


def test_negative_totals_reduce_the_sum():
    records = [{"total": 100}, {"total": -30}, {"total": "-90"}]

    assert normalize_invoice_totals(records) == -20


def test_a_zero_does_not_end_the_sum():
    records = [{"total": 4}, {"total": 0}, {"total": "0"}, {"total": 5}]

    assert normalize_invoice_totals(records) == 9


def test_a_record_without_a_total_does_not_end_the_sum():
    records = [{"total": 1}, {}, {"total": 2}, {"total": None}, {"total": "4"}]

    assert normalize_invoice_totals(records) == 7


def test_only_records_without_totals_give_zero():
    assert normalize_invoice_totals([{}, {"total": None}, {"id": "x"}]) == 0


def test_other_keys_are_ignored():
    records = [
        {"total": 3, "subtotal": 1000, "Total": 5000, "tax": "12"},
        {"amount": 77, "subtotal": "88"},
    ]

    assert normalize_invoice_totals(records) == 3


@pytest.mark.parametrize("value", [2**53 + 1, -(2**53) - 1, 10**18 + 1, 10**30 + 1])
@pytest.mark.parametrize("kind", [int, str])
def test_large_totals_are_exact(kind, value):
    assert normalize_invoice_totals([{"total": kind(value)}]) == value
    assert normalize_invoice_totals([{"total": kind(value)}, {"total": 1}]) == value + 1


def test_equal_totals_count_each_time():
    records = [{"id": "a", "total": 5}, {"id": "a", "total": 5}, {"id": "a", "total": "5"}]

    assert normalize_invoice_totals(records) == 15


def test_many_records_are_all_counted():
    records = [{"total": i if i % 2 else str(i)} for i in range(500)]

    assert normalize_invoice_totals(records) == sum(range(500))


def test_the_records_are_left_as_they_were():
    records = [{"total": " 1 "}, {"id": "b"}, {"total": None}, {"total": 2}]
    before = copy.deepcopy(records)

    assert normalize_invoice_totals(records) == 3
    assert records == before


def test_a_second_call_starts_afresh():
    records = [{"total": 8}, {"total": "9"}]

    assert normalize_invoice_totals(records) == 17
    assert normalize_invoice_totals(records) == 17
    assert normalize_invoice_totals(records[:1]) == 8
