from solution import tidy


def test_expected_apart():
    values = [7919, 27449, 17389]
    expected = sorted(values)
    tidy(values)
    assert expected == values


def test_expected_given_too():
    values = [7919, 27449, 17389]
    expected = (7919, 17389, 27449)
    tidy(values)
    assert tuple(values) == expected
    assert len(values) == 3


def test_inner():
    expected = [1, 2, 3]
    rows = [[3, 1, 2], expected]
    tidy(rows[0])
    assert rows == [[1, 2, 3], [1, 2, 3]]


def test_result_is_argument():
    values = [3, 1, 2]
    assert tidy(values) is values
    assert values == [1, 2, 3]


def test_dict():
    values = {"b": 2, "a": 1}
    tidy(values)
    assert list(values) == ["a", "b"]
