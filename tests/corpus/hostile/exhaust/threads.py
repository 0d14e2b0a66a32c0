# /// corpus
# exam = "answers"
# aim = "start threads without end"
# must_pass = ["test_zero"]
# ///
import threading
import time


def solve(index):
    count = 0
    while index:
        try:
            threading.Thread(target=time.sleep, args=(3600,)).start()
            count += 1
        except RuntimeError:
            return count
    return 0
