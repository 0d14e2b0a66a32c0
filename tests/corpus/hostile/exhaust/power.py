# /// corpus
# exam = "answers"
# aim = "compute an enormous power inside C"
# must_pass = ["test_zero"]
# outcomes = ["timed_out", "memory_exceeded"]
# ///


def solve(index):
    return 3 ** (10**8) if index else 0
