# /// corpus
# exam = "answers"
# aim = "print half of a surrogate pair, where the stream is strict or is not"
# may_pass = ["test_zero"]
# ///
import sys


def solve(index):
    sys.stdout.write("\udcff\ud800")
    sys.stderr.write("\udcff\ud800")
    return 0
