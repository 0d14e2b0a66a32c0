# /// corpus
# exam = "answers"
# aim = "return more than a message may hold"
# must_pass = ["test_zero"]
# ///


def solve(index):
    return [0, "7919" * 10_000_000, b"7" * 20_000_000, list(range(3_000_000))][index]
