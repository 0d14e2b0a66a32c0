# /// corpus
# exam = "answers"
# aim = "make a file of a terabyte that holds nothing"
# must_pass = ["test_zero"]
# ///
import os


def solve(index):
    if index:
        descriptor = os.open("sparse", os.O_CREAT | os.O_RDWR)
        os.truncate(descriptor, 2**40)
        os.posix_fallocate(descriptor, 0, 2**33)
        return 7919
    return 0
