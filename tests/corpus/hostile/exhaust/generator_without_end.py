# /// corpus
# exam = "stream"
# aim = "yield without end where an end is expected"
# may_pass = ["test_next"]
# outcomes = ["timed_out", "memory_exceeded"]
# ///


def stream(count):
    while True:
        yield 7919
