import pytest
from solution import graph_order, grouped, insert, merged, parsed, round_trip, stats, top


def test_heapq():
    assert top([("a", 1), ("b", 3), ("c", 2)], 2) == [("b", 3), ("c", 2)]
    assert merged([1, 4], [2, 3], []) == [1, 2, 3, 4]


def test_bisect():
    values = [1, 3]
    assert insert(values, 2) == 1
    assert values == [1, 2, 3]


def test_groupby():
    assert grouped(["bee", "ant", "bat"]) == {"a": ["ant"], "b": ["bat", "bee"]}


def test_statistics():
    assert stats([1, 2, 2, 3]) == {"mean": 2.0, "median": 2.0, "mode": 2, "deviation": pytest.approx(0.707107)}


def test_json():
    assert round_trip({"b": [1, 2.5, None, True], "a": "\u2603"}) == {"a": "☃", "b": [1, 2.5, None, True]}


def test_csv():
    assert parsed('name,age\n"Ada, L.",36\n') == [{"name": "Ada, L.", "age": "36"}]


def test_graph():
    assert graph_order({"b": {"a"}, "c": {"b"}}) == ["a", "b", "c"]
