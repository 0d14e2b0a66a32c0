# /// corpus
# exam = "answers"
# aim = "read address zero"
# must_pass = ["test_zero"]
# outcomes = ["crashed"]
# ///
import ctypes


def solve(index):
    if index:
        ctypes.string_at(0)
    return 0
