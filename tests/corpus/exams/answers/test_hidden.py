from solution import solve


def test_second():
    assert solve(2) == 17389


def test_third():
    assert 27449 == solve(3)
