from itertools import islice

import pytest
from solution import batches, countdown, echo, failing, flatten, naturals


def test_list():
    assert list(countdown(3)) == [3, 2, 1]


def test_next_and_end():
    values = countdown(1)
    assert next(values) == 1
    with pytest.raises(StopIteration):
        next(values)
    assert next(values, "over") == "over"


def test_without_end():
    assert list(islice(naturals(), 4)) == [1, 2, 3, 4]


def test_loop():
    total = 0
    for value in naturals():
        if value > 10:
            break
        total += value
    assert total == 55


def test_sum_max_sorted_join():
    assert sum(countdown(4)) == 10
    assert max(countdown(4)) == 4
    assert sorted(countdown(3)) == [1, 2, 3]
    assert list(zip(countdown(2), naturals())) == [(2, 1), (1, 2)]


def test_two_at_once():
    one, other = countdown(3), countdown(5)
    assert [next(one), next(other), next(one)] == [3, 5, 2]


def test_it_is_its_own_iterator():
    values = countdown(2)
    assert iter(values) is values


def test_batches_of_an_iterator():
    assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]]


def test_recursive():
    assert list(flatten([1, [2, [3, []]], 4])) == [1, 2, 3, 4]


def test_error_on_the_way():
    values = failing()
    assert next(values) == 1
    with pytest.raises(ValueError, match="no second"):
        next(values)


def test_unpacking():
    first, *rest = countdown(3)
    assert (first, rest) == (3, [2, 1])
