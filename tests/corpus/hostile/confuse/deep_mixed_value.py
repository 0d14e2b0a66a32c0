# /// corpus
# exam = "answers"
# aim = "nest dicts, tuples and sets by turns, as keys too"
# must_pass = ["test_zero"]
# ///


def solve(index):
    value = 7919
    for depth in range(5_000 if index else 0):
        value = ({"in": value}, (value, depth), [value, value])[depth % 3] if depth % 3 < 2 else [value]
    key = ()
    for _ in range(5_000 if index else 0):
        key = (key,)
    return {"value": value, key and 1: key} if index else 0
