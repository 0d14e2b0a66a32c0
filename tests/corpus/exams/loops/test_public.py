from unittest import TestCase

from solution import square

CASES = [(3, 9), (5, 25), (7, 49)]


def test_loop_over_a_map():
    for got, (_, want) in zip(map(square, [given for given, _ in CASES]), CASES):
        assert got == want


def test_all_of_a_map():
    assert all(map(lambda case: square(case[0]) == case[1], CASES))


class Squares(TestCase):
    def test_method(self):
        self.assertEqual(square(11), 121)
