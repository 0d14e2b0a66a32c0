# /// corpus
# exam = "answers"
# aim = "print without end to the other stream, a character at a time"
# must_pass = ["test_zero"]
# outcomes = ["output_exceeded", "timed_out"]
# limits = { test_wall_s = 3.0 }
# ///
import sys


def solve(index):
    while index:
        sys.stderr.write("x")
        sys.stderr.flush()
    return 0
