# /// corpus
# exam = "answers"
# aim = "make empty files without end"
# must_pass = ["test_zero"]
# ///
import os


def solve(index):
    number = 0
    while index:
        number += 1
        os.close(os.open(f"empty{index}-{number}", os.O_CREAT))
    return 0
