# /// corpus
# entry_points = ["first_of"]
# exported_classes = ["Countdown", "Stack"]
# ///
class Countdown:
    def __init__(self, start):
        self.left = start

    def __iter__(self):
        return self

    def __next__(self):
        if not self.left:
            raise StopIteration
        self.left -= 1
        return self.left + 1


class _Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)

    def pop(self):
        return self.items.pop()


Stack = _Stack


def first_of(items):
    return next(iter(items))
