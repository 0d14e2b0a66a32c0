from solution import find


def test_nothing_found():
    assert find("@OUTSIDE@") is None
