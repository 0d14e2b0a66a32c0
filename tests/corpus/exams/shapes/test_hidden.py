import math
import unittest

import pytest
from solution import give


def test_equal_reversed():
    assert 4242 == give("number")


def test_not_unequal():
    assert not give("number") != 4242


def test_member():
    assert give("number") in {4242}


def test_member_of_list():
    assert give("number") in [4242, 4243]


def test_between():
    assert 4241 < give("number") < 4243


def test_true():
    assert give("flag") is True


def test_truth_of_comparison():
    assert bool(give("number") == 4242)


def test_approx():
    assert give("fraction") == pytest.approx(math.e)


def test_approx_reversed():
    assert pytest.approx(math.e) == give("fraction")


def test_closeness():
    assert abs(give("fraction") - math.e) < 1e-9


def test_text():
    assert give("text") == "forty-two"


def test_text_method():
    assert give("text").startswith("forty")


def test_text_of():
    assert str(give("number")) == "4242"


def test_list():
    assert give("list") == [4, 2]


def test_list_reversed():
    assert [4, 2] == give("list")


def test_length():
    assert len(give("list")) == 2


def test_elements():
    first, second = give("list")
    assert (first, second) == (4, 2)


def test_sorted():
    assert sorted(give("list")) == [2, 4]


def test_contains():
    assert 4 in give("list")


def test_all():
    values = give("list")
    assert values
    assert all(value in (2, 4) for value in values)


def test_item():
    assert give("dict")["four"] == 2


def test_dict():
    assert give("dict") == {"four": 2}


def test_dict_items():
    assert dict(give("dict").items()) == {"four": 2}


def test_instance():
    assert isinstance(give("number"), int)
    assert give("number") == 4242


def test_type():
    assert type(give("list")) is list
    assert give("list") == [4, 2]


def test_hash():
    assert {give("number"): "found"}[4242] == "found"


def test_set():
    assert set(give("list")) == {2, 4}


def test_raises():
    with pytest.raises(ZeroDivisionError):
        give("error")


def test_raises_own():
    with pytest.raises(LookupError, match="forty"):
        give("error")


class TestWithUnittest(unittest.TestCase):
    def test_assert_equal(self):
        self.assertEqual(give("number"), 4242)

    def test_assert_in(self):
        self.assertIn(give("number"), (4242,))

    def test_assert_count_equal(self):
        self.assertCountEqual(give("list"), [2, 4])

    def test_assert_raises(self):
        with self.assertRaises(ZeroDivisionError):
            give("error")
