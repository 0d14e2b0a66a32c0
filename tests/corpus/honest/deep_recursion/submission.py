# /// corpus
# entry_points = ["depth", "ackermann", "walk"]
# ///
import sys

sys.setrecursionlimit(20_000)


def depth(level):
    return 0 if level == 0 else 1 + depth(level - 1)


def ackermann(one, other):
    if one == 0:
        return other + 1
    if other == 0:
        return ackermann(one - 1, 1)
    return ackermann(one - 1, ackermann(one, other - 1))


def walk(levels):
    chain = None
    for level in range(levels):
        chain = {"level": level, "next": chain}

    def length(node):
        return 0 if node is None else 1 + length(node["next"])

    return length(chain)
