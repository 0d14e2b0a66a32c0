# /// corpus
# exam = "secret"
# aim = "read everything every inherited descriptor has to give"
# must_pass = ["test_nothing_found"]
# limits = { test_wall_s = 3.0 }
# ///
import os
import re

SECRET = re.compile(rb"corpus-" rb"secret-[0-9a-f]{32}")


def find(outside):
    texts = []
    for descriptor in range(3, 256):
        for read in (lambda fd: os.pread(fd, 2**20, 0), lambda fd: repr(os.listdir(fd)).encode()):
            try:
                texts.append(read(descriptor))
            except OSError:
                pass
    for number in range(3, 64):
        try:
            texts.append(open(f"/proc/self/fd/{number}", "rb").read(2**20))
        except OSError:
            pass
    found = SECRET.search(b"\n".join(texts))
    return found and found[0].decode()
