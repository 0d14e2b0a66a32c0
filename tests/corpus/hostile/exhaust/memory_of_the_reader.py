# /// corpus
# exam = "answers"
# aim = "return what is small on the wire and vast when unpacked"
# must_pass = ["test_zero"]
# outcomes = ["memory_exceeded", "timed_out"]
# ///
from collections import deque


def solve(index):
    if index == 1:
        return [[] for _ in range(1_000_000)]
    if index == 2:
        return range(0, 10**30, 3)
    if index == 3:
        return deque([{}] * 700_000, maxlen=10**9)
    return 0
