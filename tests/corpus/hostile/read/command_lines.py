# /// corpus
# exam = "secret"
# aim = "find the secret among the arguments of running processes"
# must_pass = ["test_nothing_found"]
# limits = { test_wall_s = 3.0 }
# ///
import glob
import re

SECRET = re.compile(rb"corpus-" rb"secret-[0-9a-f]{32}")


def find(outside):
    for path in [f"/proc/{outside['victim_pid']}/cmdline"] + glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                found = SECRET.search(file.read())
        except OSError:
            continue
        if found:
            return found[0].decode()
