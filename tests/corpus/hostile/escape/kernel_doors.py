# /// corpus
# exam = "witness"
# aim = "reach kernel machinery no submission needs: io_uring, bpf, userfaultfd, perf, fanotify"
# must_pass = ["test_stopped"]
# ///
import ctypes
import os

X86 = os.uname().machine == "x86_64"
BPF, PERF, USERFAULT, FANOTIFY = (321, 298, 323, 300) if X86 else (280, 241, 282, 262)
IO_URING_SETUP = 425


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    zeros = ctypes.create_string_buffer(512)
    perf = (ctypes.c_uint32 * 32)(1, 128, 0, 0)
    for call in (
        (IO_URING_SETUP, 4, zeros),
        (BPF, 0, zeros, 72),
        (BPF, 5, zeros, 72),
        (PERF, perf, 0, -1, -1, 0),
        (USERFAULT, 1),
        (USERFAULT, 0),
        (FANOTIFY, 0x200, 0),
    ):
        if libc.syscall(*call) >= 0:
            return "got through"
    return "stopped"
