# /// corpus
# entry_points = ["normalise", "split"]
# exported_classes = ["Cart"]
# ///


def normalise(text, *, fold=True):
    text = " ".join(text.split())
    return text.casefold() if fold else text


def split(total, ways):
    share, rest = divmod(total, ways)
    return [share + (place < rest) for place in range(ways)]


class Cart:
    def __init__(self):
        self.lines = []

    def add(self, name, price):
        self.lines.append((name, price))
        return self

    @property
    def total(self):
        return sum(price for _, price in self.lines)
