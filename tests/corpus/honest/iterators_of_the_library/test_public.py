from solution import backwards, chained, numbered, pairs, squares


def test_pairwise():
    assert list(pairs([1, 2, 3])) == [(1, 2), (2, 3)]


def test_map():
    assert next(iter(squares([3, 4]))) == 9


def test_reversed():
    assert "".join(backwards("abc")) == "cba"


def test_enumerate():
    assert dict(numbered("ab")) == {1: "a", 2: "b"}


def test_chain():
    assert list(chained([1], (2,), {3})) == [1, 2, 3]
