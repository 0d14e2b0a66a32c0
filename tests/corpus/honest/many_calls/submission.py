# /// corpus
# entry_points = ["step"]
# exported_classes = ["Accumulator"]
# ///


def step(number):
    return number + 1


class Accumulator:
    def __init__(self):
        self.total = 0

    def add(self, number):
        self.total += number
        return self.total
