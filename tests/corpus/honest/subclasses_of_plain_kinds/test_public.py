from solution import bag, celsius, path_of, tagged


def test_float():
    assert celsius(36.6) == 36.6


def test_str():
    assert path_of("a", "b") == "a/b"
    assert path_of("a").upper() == "A"


def test_enums_with_a_plain_base():
    assert tagged() == [1, "red"]


def test_dict():
    assert bag(a=1, b=[2]) == {"a": 1, "b": [2]}
