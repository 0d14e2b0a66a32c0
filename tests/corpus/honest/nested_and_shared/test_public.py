from solution import deep, grid, independent, keyed, mixed, shared


def test_independent_rows():
    rows = grid(2, 2)
    rows[0][0] = 1
    assert rows == [[1, 0], [0, 0]]


def test_shared_rows_stay_shared():
    rows = shared(3)
    rows[0].append(1)
    assert rows == [[0, 1]] * 3
    other = independent(2)
    other[0].append(1)
    assert other == [[0, 1], [0]]


def test_keys_of_every_kind():
    table = keyed()
    assert table[1] == "int"
    assert table["1"] == "str"
    assert table[(1, 2)] == "tuple"
    assert table[None] == "none"
    assert table[frozenset({1})] == "set"
    assert list(table)[:2] == [1, "1"]


def test_deep():
    value = deep(40)
    for level in reversed(range(40)):
        assert value["level"] == level
        value = value["in"][0]
    assert value == "bottom"


def test_mixed():
    assert mixed(1.5)["list"][1] == (1.5, {"set": {2, 1}})
    assert list(mixed(0)["order"]) == ["z", "a"]
