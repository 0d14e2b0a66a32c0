# /// corpus
# exam = "answers"
# aim = "keep the garbage collector at work for ever"
# must_pass = ["test_zero"]
# outcomes = ["timed_out", "memory_exceeded"]
# ///
import gc


class Phoenix:
    def __init__(self):
        self.me = self

    def __del__(self):
        Phoenix()


def solve(index):
    gc.set_threshold(1, 1, 1)
    while index:
        Phoenix()
        gc.collect()
    return 0
