import pytest
from solution import Vector


def test_length_iteration_items():
    vector = Vector(3, 4)
    assert len(vector) == 2
    assert list(vector) == [3, 4]
    assert vector[0] == 3
    assert vector[-1] == 4
    assert 4 in vector
    assert 5 not in vector
    assert list(reversed(vector)) == [4, 3]


def test_slices_are_vectors():
    assert Vector(1, 2, 3)[1:] == Vector(2, 3)


def test_changing_items():
    vector = Vector(1, 2, 3)
    vector[0] = 9
    del vector[1]
    assert list(vector) == [9, 3]
    with pytest.raises(IndexError):
        vector[5]


def test_arithmetic():
    assert Vector(1, 2) + Vector(3, 4) == Vector(4, 6)
    assert Vector(1, 2) - Vector(3, 4) == Vector(-2, -2)
    assert Vector(1, 2) * 3 == Vector(3, 6)
    assert 3 * Vector(1, 2) == Vector(3, 6)
    assert -Vector(1, 2) == Vector(-1, -2)
    assert Vector(1, 2) @ Vector(3, 4) == 11
    assert abs(Vector(3, 4)) == pytest.approx(5)


def test_in_place_addition_keeps_identity():
    vector = alias = Vector(1, 2)
    vector += Vector(1, 1)
    assert vector is alias
    assert list(alias) == [2, 3]


def test_order_truth_call_text():
    assert Vector(1, 0) < Vector(3, 4)
    assert sorted([Vector(3, 4), Vector(1, 0)])[0] == Vector(1, 0)
    assert not Vector(0, 0)
    assert Vector(1, 2)(10) == [10, 20]
    assert str(Vector(1, 2)) == "<1, 2>"
    assert f"{Vector(1, 2):.1f}" == "<1.0, 2.0>"


def test_hash():
    assert len({Vector(1, 2), Vector(1, 2), Vector(2, 1)}) == 2


def test_class_and_static_methods():
    assert Vector.of([1, 2]) == Vector(1, 2)
    assert Vector.is_plain(1)
    assert Vector.zero == (0, 0)


def test_never_equal_to_plain_data():
    assert Vector(1, 2) != [1, 2]
    assert Vector(1, 2) != (1, 2)
