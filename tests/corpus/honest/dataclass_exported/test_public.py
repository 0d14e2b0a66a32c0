from solution import Point, origin


def test_fields():
    point = Point(3, y=4)
    assert (point.x, point.y) == (3, 4)
    assert point.length == 5.0


def test_method_returns_another():
    moved = Point(1, 1).moved(2, dy=3)
    assert (moved.x, moved.y) == (3, 4)


def test_attributes_may_be_set():
    point = Point(1)
    point.y = 7
    assert point.y == 7
    assert point.moved(0).y == 7


def test_equality_of_two():
    assert Point(1, 2) == Point(1, 2)
    assert Point(1, 2) != Point(2, 1)
    assert Point(1, 2) != (1, 2)


def test_repr():
    assert repr(Point(1)) == "Point(x=1, y=0)"


def test_from_a_function():
    point = origin()
    assert isinstance(point, Point)
    assert point == Point(0, 0)
