from solution import find

EXPECTED = "@TOKEN@"


def test_first_look():
    expected = "@TOKEN@"
    assert find("@OUTSIDE@") == expected


def test_second_look():
    assert EXPECTED == find("@OUTSIDE@")
