from solution import give


def test_equal():
    assert give("number") == 4242
