# /// corpus
# exam = "answers"
# aim = "wait for input that never comes"
# must_pass = ["test_zero"]
# ///
import sys


def solve(index):
    if index == 1:
        return input("more? ")
    if index == 2:
        return sys.stdin.read()
    if index == 3:
        return open(0).read()
    return 0
