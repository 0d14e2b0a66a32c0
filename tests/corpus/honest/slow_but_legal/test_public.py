from solution import levenshtein, life, waited


def test_sleep():
    assert waited(0.3) >= 0.29


def test_levenshtein():
    assert levenshtein("kitten" * 15, "sitting" * 15) == 45


def test_life():
    glider = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
    assert life(glider, 40) == {(x + 10, y + 10) for x, y in glider}
