# /// corpus
# exam = "answers"
# aim = "print without end"
# must_pass = ["test_zero"]
# outcomes = ["output_exceeded"]
# limits = { test_wall_s = 3.0 }
# ///


def solve(index):
    while index:
        print("x" * 10_000)
    return 0
