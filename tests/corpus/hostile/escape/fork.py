# /// corpus
# exam = "witness"
# aim = "fork"
# must_pass = ["test_stopped"]
# ///
import os


def attempt(outside):
    for fork in (os.fork, os.forkpty):
        try:
            made = fork()
        except OSError:
            continue
        if made == 0 or made == (0, -1):
            os.execv("/bin/sleep", ["sleep", "600"])
        return "got through"
    return "stopped"
