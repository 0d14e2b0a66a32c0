# /// corpus
# exam = "witness"
# aim = "open files by handle, past every path rule"
# must_pass = ["test_stopped"]
# ///
import ctypes
import os

NAME_TO, OPEN_BY = (303, 304) if os.uname().machine == "x86_64" else (264, 265)


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    handle = (ctypes.c_uint32 * 40)(128)
    mount = ctypes.c_int()
    path = outside["folder"].encode() + b"/secret.txt"
    libc.syscall(NAME_TO, -100, path, handle, ctypes.byref(mount), 0)
    for root in (os.open(".", os.O_RDONLY), 3, 4, 5):
        if libc.syscall(OPEN_BY, root, handle, os.O_RDONLY) >= 0:
            return "got through"
    return "stopped"
