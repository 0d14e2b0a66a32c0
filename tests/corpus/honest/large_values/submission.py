# /// corpus
# entry_points = ["doubled", "table", "text", "counted", "echo"]
# ///


def doubled(values):
    return [value * 2 for value in values]


def table(size):
    return {number: str(number) for number in range(size)}


def text(size):
    return "ab☃" * size


def counted(values):
    return len(values), sum(values)


def echo(value):
    return value
