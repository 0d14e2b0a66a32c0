from collections import Counter, defaultdict, deque

from solution import drain, fill, invert


def test_bytearray():
    buffer = bytearray(b"\x00\x0f")
    invert(buffer)
    assert buffer == bytearray(b"\xff\xf0\x00")
    assert type(buffer) is bytearray


def test_deque():
    queue = deque([1, 2, 3])
    assert drain(queue) == [1, 2, 3]
    assert queue == deque(["done"])


def test_bounded_deque_keeps_its_bound():
    queue = deque([1, 2], maxlen=2)
    drain(queue)
    assert queue.maxlen == 2


def test_counter():
    counter = Counter("a")
    fill(counter, ["a", "b"])
    assert counter == Counter({"a": 2, "b": 1})
    assert counter["missing"] == 0


def test_defaultdict():
    counts = defaultdict(int)
    fill(counts, ["x", "x"])
    assert counts == {"x": 2}
    assert counts["y"] == 0
