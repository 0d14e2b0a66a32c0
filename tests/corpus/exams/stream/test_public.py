from solution import stream


def test_next():
    assert next(stream(5)) == 7919
