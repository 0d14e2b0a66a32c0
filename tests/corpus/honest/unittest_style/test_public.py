import unittest

from solution import Inventory, OutOfStock, roman


class TestRoman(unittest.TestCase):
    def test_values(self):
        for number, text in ((1, "I"), (4, "IV"), (1994, "MCMXCIV")):
            with self.subTest(number=number):
                self.assertEqual(roman(number), text)

    def test_refusal(self):
        with self.assertRaises(ValueError):
            roman(0)
        with self.assertRaisesRegex(ValueError, "4000 has no"):
            roman(4000)
        self.assertRaises(ValueError, roman, -1)


class TestInventory(unittest.TestCase):
    def setUp(self):
        self.inventory = Inventory()
        self.inventory.add("nut", 2)

    def tearDown(self):
        self.inventory.items.clear()

    def test_take(self):
        self.inventory.take("nut")
        self.assertEqual(self.inventory.items, {"nut": 1})
        self.assertDictEqual(self.inventory.items, {"nut": 1})

    def test_out_of_stock(self):
        with self.assertRaises(OutOfStock):
            self.inventory.take("bolt")

    def test_assertions_of_every_kind(self):
        self.assertTrue(roman(1))
        self.assertIn("nut", self.inventory.items)
        self.assertIsNone(self.inventory.add("bolt"))
        self.assertIsInstance(roman(1), str)
        self.assertAlmostEqual(len(roman(3)), 3.0)
        self.assertCountEqual(list(self.inventory.items), ["bolt", "nut"])
        self.assertGreater(len(roman(8)), 3)
        self.assertNotEqual(roman(1), "II")
