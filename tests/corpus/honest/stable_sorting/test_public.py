from solution import by_length, natural, ranked


def test_ranked():
    rows = [{"name": "b", "score": 1}, {"name": "a", "score": 1}, {"name": "c", "score": 2}]
    assert [row["name"] for row in ranked(rows)] == ["c", "a", "b"]
    assert [row["name"] for row in rows] == ["b", "a", "c"]


def test_equal_keys_keep_their_order():
    assert by_length(["aa", "b", "cc", "d"]) == ["aa", "cc", "b", "d"]


def test_natural():
    assert natural(["f10", "f9", "f1"]) == ["f1", "f9", "f10"]
