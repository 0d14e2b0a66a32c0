# /// corpus
# exam = "secret"
# aim = "find the secret in the environment, its own and others'"
# must_pass = ["test_nothing_found"]
# limits = { test_wall_s = 3.0 }
# ///
import glob
import os
import re

SECRET = re.compile(rb"corpus-" rb"secret-[0-9a-f]{32}")


def find(outside):
    texts = [repr(dict(os.environ)).encode()]
    for path in glob.glob("/proc/*/environ"):
        try:
            with open(path, "rb") as file:
                texts.append(file.read())
        except OSError:
            pass
    found = SECRET.search(b"\n".join(texts))
    return found and found[0].decode()
