# /// corpus
# exam = "answers"
# aim = "take memory from many threads at once"
# must_pass = ["test_zero"]
# outcomes = ["finished", "memory_exceeded", "timed_out"]
# ///
import threading


def take():
    taken = []
    while True:
        taken.append(bytearray(2**20))


def solve(index):
    workers = [threading.Thread(target=take) for _ in range(8 * (index > 0))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return 0
