from solution import apply, double, greet


def test_lambda():
    assert double("ab") == "abab"


def test_bound_method():
    assert greet("Ada") == "Hello Ada"


def test_callable_object():
    assert apply([(1, 2), "xy"]) == [2, "y", 3]
