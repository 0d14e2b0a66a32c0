# /// corpus
# exam = "witness"
# aim = "fork by the system calls themselves: fork, vfork, clone, clone3"
# must_pass = ["test_stopped"]
# ///
import ctypes
import os
import signal

X86 = os.uname().machine == "x86_64"
CLONE, CLONE3 = (56, 435) if X86 else (220, 435)


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = (ctypes.c_uint64 * 8)(0, 0, 0, 0, signal.SIGCHLD)
    calls = [(CLONE, signal.SIGCHLD, 0, 0, 0, 0), (CLONE3, ctypes.byref(arguments), 64)]
    if X86:
        calls.append((57,))
    for call in calls:
        made = libc.syscall(*call)
        if made == 0:
            libc.pause()
        if made > 0:
            return "got through"
    return "stopped"
