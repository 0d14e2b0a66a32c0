# /// corpus
# exam = "witness"
# aim = "become another program"
# must_pass = ["test_stopped"]
# ///
import os
import sys


def attempt(outside):
    for path, arguments in (
        (sys.executable or "/usr/local/bin/python3", ["python3", "-c", "print(7919)"]),
        ("/bin/sh", ["sh", "-c", f"echo corpus-mark > {outside['folder']}/corpus-mark"]),
        ("/proc/self/exe", ["python3", "-c", "pass"]),
    ):
        try:
            os.execve(path, arguments, {})
        except OSError:
            pass
    return "stopped"
