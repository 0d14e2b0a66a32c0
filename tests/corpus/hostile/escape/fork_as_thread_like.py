# /// corpus
# exam = "witness"
# aim = "clone with most of a thread's flags but not the one that makes it a thread"
# must_pass = ["test_stopped"]
# ///
import ctypes
import os

CLONE = 56 if os.uname().machine == "x86_64" else 220
CLONE_FS, CLONE_FILES, CLONE_UNTRACED, CLONE_NEWUSER, CLONE_NEWNS = 0x200, 0x400, 0x800000, 0x10000000, 0x20000


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    for flags in (CLONE_FS | CLONE_FILES | 17, CLONE_UNTRACED | 17, CLONE_NEWUSER | 17, CLONE_NEWUSER | CLONE_NEWNS | 17):
        made = libc.syscall(CLONE, flags, 0, 0, 0, 0)
        if made == 0:
            libc.pause()
        if made > 0:
            return "got through"
    return "stopped"
