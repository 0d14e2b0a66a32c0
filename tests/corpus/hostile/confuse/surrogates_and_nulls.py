# /// corpus
# exam = "answers"
# aim = "return and print text that is no UTF-8"
# must_pass = ["test_zero"]
# ///
import os


def solve(index):
    if index:
        os.write(1, b"\xff\xfe\x00" * 100)
        print("\x00\x1b]0;title\x07")
        return "\ud800\x00" * 100
    return 0
