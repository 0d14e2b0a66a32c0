# /// corpus
# exam = "answers"
# aim = "exchange descriptors with one another, so that answers go to the wrong place"
# may_pass = ["test_zero"]
# outcomes = ["exited_early", "protocol_violation"]
# ///
import os


def solve(index):
    if index:
        for descriptor in range(64):
            try:
                os.dup2(descriptor, (descriptor + index) % 64)
            except OSError:
                pass
    return 0
