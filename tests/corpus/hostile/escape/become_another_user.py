# /// corpus
# exam = "witness"
# aim = "become root or change groups"
# must_pass = ["test_stopped"]
# ///
import os


def attempt(outside):
    for become in (
        lambda: os.setuid(0),
        lambda: os.setreuid(0, 0),
        lambda: os.setresuid(0, 0, 0),
        lambda: os.setgid(0),
        lambda: os.setresgid(0, 0, 0),
        lambda: os.setgroups([0, 27, 999]),
    ):
        try:
            become()
        except OSError:
            continue
        return "got through" if 0 in (os.getuid(), os.getgid(), os.geteuid()) or os.getgroups() else "stopped"
    return "stopped" if os.geteuid() else "got through"
