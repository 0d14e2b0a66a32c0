from solution import visit


def test_calls_each():
    seen = []
    visit([1, 2, 3], seen.append)
    assert seen == [1, 2, 3]
