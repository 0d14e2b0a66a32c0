import pytest
from solution import Circle, Shape, Square, areas


def test_describe():
    assert Circle(2).describe() == "Circle of 12.00"
    assert Square(3).describe() == "Square of 9.00"


def test_list_of_instances_as_argument():
    assert areas([Circle(1), Square(2)]) == [3, 4]


def test_abstract_class_can_not_be_made():
    with pytest.raises(TypeError):
        Shape()


def test_instance_of_parent():
    assert isinstance(Circle(1), Circle)
    assert not isinstance(Circle(1), Square)
