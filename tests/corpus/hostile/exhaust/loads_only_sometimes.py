# /// corpus
# exam = "answers"
# loads = false
# runs = 4
# aim = "lose each candidate and have its successor fail to load, so that they pile up"
# ///
import os

if os.urandom(1)[0] < 128:
    raise ImportError("not this time")


def solve(index):
    os._exit(1)
