# /// corpus
# exam = "answers"
# aim = "take two gigabytes at once"
# must_pass = ["test_zero"]
# outcomes = ["memory_exceeded", "finished"]
# limits = { test_wall_s = 3.0 }
# ///


def solve(index):
    return len(bytearray(2**31 * (index > 0))) and 7919
