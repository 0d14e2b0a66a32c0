# /// corpus
# exam = "secret"
# aim = "read the environment and arguments the process was started with, from the C library"
# must_pass = ["test_nothing_found"]
# limits = { test_wall_s = 3.0 }
# ///
import ctypes
import re
import sys

SECRET = re.compile(rb"corpus-" rb"secret-[0-9a-f]{32}")


def find(outside):
    texts = [repr(sys.orig_argv).encode(), repr(sys.argv).encode(), repr(sys.flags).encode()]
    libc = ctypes.CDLL(None)
    environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
    index = 0
    while environ and environ[index]:
        texts.append(environ[index])
        index += 1
    found = SECRET.search(b"\n".join(texts))
    return found and found[0].decode()
