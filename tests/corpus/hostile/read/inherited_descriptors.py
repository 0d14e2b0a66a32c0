# /// corpus
# exam = "witness"
# aim = "find an inherited descriptor of a file or folder, a door left open"
# must_pass = ["test_stopped"]
# limits = { test_wall_s = 3.0 }
# ///
import os
import stat


def attempt(outside):
    for descriptor in range(3, 256):
        try:
            mode = os.fstat(descriptor).st_mode
        except OSError:
            continue
        if stat.S_ISDIR(mode) or stat.S_ISREG(mode) or stat.S_ISBLK(mode):
            return "got through"
    return "stopped"
