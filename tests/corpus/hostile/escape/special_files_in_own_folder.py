# /// corpus
# exam = "witness"
# aim = "make set-uid programs and run them from its own folder"
# must_pass = ["test_stopped"]
# ///
import os


def attempt(outside):
    with open("program", "w") as file:
        file.write("#!/bin/sh\nid\n")
    try:
        os.chmod("program", 0o6755)
        os.execve("./program", ["program"], {})
    except OSError:
        return "stopped"
    return "got through"
