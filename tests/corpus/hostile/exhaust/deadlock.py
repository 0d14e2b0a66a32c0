# /// corpus
# exam = "answers"
# aim = "wait for a lock it holds itself"
# must_pass = ["test_zero"]
# outcomes = ["timed_out"]
# ///
import threading


def solve(index):
    lock = threading.Lock()
    lock.acquire()
    if index:
        lock.acquire()
    return 0
