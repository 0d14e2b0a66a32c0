# /// corpus
# exam = "witness"
# aim = "change the machine: name, clock, swap, modules, kernel, quotas, accounting"
# must_pass = ["test_stopped"]
# ///
import ctypes
import os
import time

X86 = os.uname().machine == "x86_64"
CALLS = (
    ((170, b"corpus-mark", 11), (161, b"corpus-mark", 11)),
    ((171, b"corpus-mark", 11), (162, b"corpus-mark", 11)),
    ((167, b"/corpus-mark", 0), (224, b"/corpus-mark", 0)),
    ((163, b"corpus-mark"), (89, b"corpus-mark")),
    ((175, b"\0", 1, b""), (105, b"\0", 1, b"")),
    ((246, 0, 0, 0, 0), (104, 0, 0, 0, 0)),
    ((103, 3, b"\0" * 64, 64), (116, 3, b"\0" * 64, 64)),
    ((153,), (58,)),
    ((303, -100, b".", b"\0" * 136, b"\0" * 8, 0), (264, -100, b".", b"\0" * 136, b"\0" * 8, 0)),
)


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    for x86, arm in CALLS:
        if libc.syscall(*(x86 if X86 else arm)) >= 0:
            return "got through"
    try:
        time.clock_settime(time.CLOCK_REALTIME, time.clock_gettime(time.CLOCK_REALTIME))
    except OSError:
        return "stopped"
    return "got through"
