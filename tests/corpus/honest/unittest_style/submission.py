# /// corpus
# entry_points = ["roman"]
# exported_classes = ["Inventory"]
# ///


class OutOfStock(Exception):
    pass


def roman(number):
    if not 0 < number < 4000:
        raise ValueError(f"{number} has no roman form")
    text = ""
    for value, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
    ):
        count, number = divmod(number, value)
        text += letters * count
    return text


class Inventory:
    def __init__(self):
        self.items = {}

    def add(self, name, count=1):
        self.items[name] = self.items.get(name, 0) + count

    def take(self, name):
        if not self.items.get(name):
            raise OutOfStock(name)
        self.items[name] -= 1
