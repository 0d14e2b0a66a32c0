# /// corpus
# exam = "answers"
# aim = "compare with objects whose comparison never ends"
# must_pass = ["test_zero"]
# outcomes = ["timed_out"]
# ///


class Slow:
    def __lt__(self, other):
        while True:
            pass


def solve(index):
    return sorted([Slow(), Slow()]) if index else 0
