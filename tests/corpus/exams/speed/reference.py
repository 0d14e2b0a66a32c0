from collections import Counter


def count_pairs(values, wanted):
    seen = Counter()
    found = 0
    for value in values:
        found += seen[wanted - value]
        seen[value] += 1
    return found
