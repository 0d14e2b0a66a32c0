# /// corpus
# entry_points = ["double", "Greeter", "greet", "apply"]
# ///
from operator import attrgetter, itemgetter

double = lambda value: value * 2  # noqa: E731
second = itemgetter(1)


class Greeter:
    def __init__(self, word):
        self.word = word

    def greet(self, name):
        return f"{self.word} {name}"


greet = Greeter("Hello").greet


class Apply:
    def __call__(self, values):
        return [second(value) for value in values] + [attrgetter("real")(3)]


apply = Apply()
