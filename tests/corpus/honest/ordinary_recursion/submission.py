# /// corpus
# entry_points = ["factorial", "permutations", "hanoi", "bottomless"]
# ///


def factorial(number):
    return 1 if number < 2 else number * factorial(number - 1)


def permutations(values):
    if not values:
        return [[]]
    return [
        [value, *rest]
        for place, value in enumerate(values)
        for rest in permutations(values[:place] + values[place + 1 :])
    ]


def hanoi(count, source="A", target="C", spare="B"):
    if count == 0:
        return []
    return [
        *hanoi(count - 1, source, spare, target),
        (source, target),
        *hanoi(count - 1, spare, target, source),
    ]


def bottomless(level=0):
    return bottomless(level + 1)
