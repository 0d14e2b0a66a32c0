# /// corpus
# exam = "answers"
# aim = "return a value that contains itself"
# must_pass = ["test_zero"]
# ///


def solve(index):
    if not index:
        return 0
    value = [7919]
    if index == 1:
        value.append(value)
        return value
    mapping = {"value": value}
    value.append((mapping,))
    return mapping
