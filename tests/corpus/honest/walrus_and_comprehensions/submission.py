# /// corpus
# entry_points = ["longest_run", "matrix", "inverted", "chunks", "debugged", "flags"]
# ///


def longest_run(values):
    best = run = 0
    previous = object()
    for value in values:
        best = max(best, run := run + 1 if value == previous else 1)
        previous = value
    return best


def matrix(size):
    return {(row, column): row * column for row in range(size) for column in range(size) if row != column}


def inverted(table):
    return {value: sorted(key for key in table if table[key] == value) for value in set(table.values())}


def chunks(text, size):
    return [chunk for start in range(0, len(text), size) if (chunk := text[start : start + size]).strip()]


def debugged(value):
    width = 8
    return f"{value=} {value!r:>{width}} {value:0{width}.2f}" if isinstance(value, float) else f"{value = !s}"


def flags(*values, sep=","):
    return sep.join(f"{value:d}" for value in values), [*values, *values[::-1]], {**dict(enumerate(values))}
