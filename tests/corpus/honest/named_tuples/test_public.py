from solution import bounds, by_name, typed


def test_equal_to_a_tuple():
    assert bounds([3, 1, 2]) == (1, 3)
    low, high = bounds([5])
    assert low == high == 5
    assert bounds([1, 2])[1] == 2


def test_inside_a_dict():
    assert by_name([("a", 1.5), ("b",)]) == {"a": ("a", 1.5), "b": ("b", 0.0)}


def test_inside_a_list():
    assert typed([1, 2]) == [("low", 2), ("high", 2)]
