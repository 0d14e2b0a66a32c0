from collections import Counter, OrderedDict, deque

from solution import grouped, last, letters, ordered, window


def test_counter():
    counts = letters("to be or not to be")
    assert counts == Counter({"o": 4, "t": 3, "b": 2, "e": 2, "r": 1, "n": 1})
    assert isinstance(counts, Counter)
    assert counts.most_common(1) == [("o", 4)]
    assert counts["z"] == 0


def test_defaultdict():
    groups = grouped(["a", "bb", "c"])
    assert groups == {1: ["a", "c"], 2: ["bb"]}
    assert dict(groups)[2] == ["bb"]


def test_ordered_dict():
    order = ordered([("a", 1), ("b", 2)])
    assert order == OrderedDict([("b", 2), ("a", 1)])
    assert list(order) == ["b", "a"]
    assert type(order) is OrderedDict


def test_deque():
    recent = last(range(5), 2)
    assert recent == deque([3, 4])
    assert recent.maxlen == 2
    assert list(recent) == [3, 4]


def test_window():
    assert window([1, 2, 3]) == [1, 3, 5]
