from solution import solve


def test_zero():
    assert solve(0) == 0


def test_first():
    assert solve(1) == 7919
