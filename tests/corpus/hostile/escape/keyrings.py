# /// corpus
# exam = "witness"
# aim = "keep a secret in, or read one from, the kernel's keyrings"
# must_pass = ["test_stopped"]
# ///
import ctypes
import os

ADD_KEY, REQUEST_KEY, KEYCTL = (248, 249, 250) if os.uname().machine == "x86_64" else (217, 218, 219)


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    for ring in (-1, -2, -3, -4, -5):
        if libc.syscall(ADD_KEY, b"user", b"corpus-mark", b"here", 4, ring) >= 0:
            return "got through"
        if libc.syscall(KEYCTL, 0, ring, 1) >= 0:
            return "got through"
    return "stopped"
