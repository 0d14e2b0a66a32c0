# /// corpus
# exam = "answers"
# aim = "overflow the C stack with nested patterns, literals, json and comparisons"
# must_pass = ["test_zero"]
# ///
import json
import re
import sys


def solve(index):
    sys.setrecursionlimit(10**9)
    if index == 1:
        return json.loads("[" * 10**6)
    if index == 2:
        return re.compile("(" * 10**5 + ")" * 10**5)
    if index == 3:
        value = other = ()
        for _ in range(10**6):
            value, other = (value,), (other,)
        return value == other
    return 0
