# /// corpus
# entry_points = ["append", "pick", "wrap", "same"]
# ///


def append(values, value):
    values.append(value)
    return values


def pick(first, second, which):
    return (first, second)[which]


def wrap(values):
    return {"again": values, "pair": (values, values)}


def same(value):
    return value
