# /// corpus
# entry_points = ["waited", "levenshtein", "life"]
# ///
import time
from functools import cache


def waited(delay_s):
    started = time.perf_counter()
    time.sleep(delay_s)
    return time.perf_counter() - started


def levenshtein(one, other):
    @cache
    def distance(left, right):
        if not left or not right:
            return left + right
        return min(
            distance(left - 1, right) + 1,
            distance(left, right - 1) + 1,
            distance(left - 1, right - 1) + (one[left - 1] != other[right - 1]),
        )

    return distance(len(one), len(other))


def life(cells, generations):
    for _ in range(generations):
        neighbours = {}
        for x, y in cells:
            for dx in (-1, 0, 1):
                for dy in (-1, 0, 1):
                    if dx or dy:
                        place = (x + dx, y + dy)
                        neighbours[place] = neighbours.get(place, 0) + 1
        cells = {place for place, count in neighbours.items() if count == 3 or count == 2 and place in cells}
    return cells
