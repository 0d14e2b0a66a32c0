# /// corpus
# entry_points = ["sort_in_place", "rotate", "uniquify", "merge_into"]
# ///


def sort_in_place(values):
    for end in range(len(values), 1, -1):
        for place in range(end - 1):
            if values[place] > values[place + 1]:
                values[place], values[place + 1] = values[place + 1], values[place]


def rotate(matrix):
    matrix[:] = [list(row) for row in zip(*matrix[::-1])]


def uniquify(values, *, seen):
    for value in values:
        seen.add(value)
    values.clear()
    values.extend(sorted(seen))


def merge_into(target, source):
    for key, value in source.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            merge_into(target[key], value)
        else:
            target[key] = value
    target.pop("gone", None)
