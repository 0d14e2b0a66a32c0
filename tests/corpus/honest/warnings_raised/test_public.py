from solution import caught, divide, old


def test_warned_and_worked():
    assert old(3) == 3
    assert divide(1, 0) is None
    assert divide(1, 2) == 0.5


def test_recorded():
    assert caught() == [("DeprecationWarning", "use new()"), ("RuntimeWarning", "dividing by zero")]
