# /// corpus
# exam = "answers"
# aim = "send itself SIGKILL, SIGTERM and SIGSEGV"
# must_pass = ["test_zero"]
# outcomes = ["crashed", "protocol_violation"]
# ///
import os
import signal


def solve(index):
    if index:
        os.kill(os.getpid(), (0, signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV)[index])
    return 0
