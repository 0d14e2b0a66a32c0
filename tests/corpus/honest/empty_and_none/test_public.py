from solution import empty, implicit, nothing, optional, passes


def test_none():
    assert nothing() is None
    assert implicit(False) is None
    assert implicit(True) is True
    assert passes(1, key=2) is None


def test_empty_values():
    for kind in (list, dict, set, tuple, str, bytes, int, float, bool):
        assert empty(kind) == kind()
        assert type(empty(kind)) is kind


def test_none_as_argument():
    assert optional(None)
    assert not optional(0)
