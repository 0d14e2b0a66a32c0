from solution import count_pairs


def test_small():
    assert count_pairs([1, 2, 3, 1], 4) == 2
