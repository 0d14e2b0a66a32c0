# /// corpus
# exam = "answers"
# aim = "match a pattern that backtracks for ever, inside C where no signal is seen"
# must_pass = ["test_zero"]
# outcomes = ["timed_out"]
# ///
import re


def solve(index):
    if index:
        re.match(r"(a+)+$", "a" * 64 + "b")
    return 0
