# /// corpus
# exam = "answers"
# aim = "open files without end and answer none the less"
# must_pass = ["test_zero"]
# ///
import os

KEPT = []


def solve(index):
    while index:
        try:
            KEPT.append(os.dup(0))
        except OSError:
            return len(KEPT) < 100_000 and "no more"
    return 0
