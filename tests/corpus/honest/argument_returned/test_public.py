from solution import append, pick, same, wrap


def test_result_is_the_argument():
    values = [1]
    assert append(values, 2) is values
    assert values == [1, 2]


def test_result_is_one_of_two():
    first, second = [1], [1]
    assert pick(first, second, 0) is first
    assert pick(first, second, 1) is second


def test_argument_inside_the_result():
    values = [1]
    wrapped = wrap(values)
    assert wrapped["again"] is values
    assert wrapped["pair"][0] is wrapped["pair"][1]


def test_singletons():
    assert same(None) is None
    assert same(True) is True
    assert same(False) is False


def test_two_calls_do_not_share():
    assert append([1], 2) is not append([1], 2)
