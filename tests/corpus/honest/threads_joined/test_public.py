from solution import locked_count, parallel_sum, produced


def test_sum():
    assert parallel_sum(list(range(1000))) == 499500


def test_lock():
    assert locked_count(500) == 1500


def test_queue():
    assert produced([1, 2, 3]) == [2, 4, 6]
