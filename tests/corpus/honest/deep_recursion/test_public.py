from solution import ackermann, depth, walk


def test_depth():
    assert depth(5_000) == 5_000


def test_ackermann():
    assert ackermann(2, 300) == 603


def test_walk():
    assert walk(4_000) == 4_000
