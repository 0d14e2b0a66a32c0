# /// corpus
# entry_points = ["letters", "grouped", "ordered", "last", "window"]
# ///
from collections import Counter, OrderedDict, defaultdict, deque


def letters(text):
    return Counter(text.replace(" ", ""))


def grouped(words):
    groups = defaultdict(list)
    for word in words:
        groups[len(word)].append(word)
    return groups


def ordered(pairs):
    order = OrderedDict(pairs)
    order.move_to_end(next(iter(order)))
    return order


def last(values, count):
    return deque(values, maxlen=count)


def window(values):
    recent = deque(maxlen=2)
    sums = []
    for value in values:
        recent.append(value)
        sums.append(sum(recent))
    return sums
