# /// corpus
# exam = "witness"
# aim = "make or join namespaces, to be root in one of them"
# must_pass = ["test_stopped"]
# ///
import ctypes
import os

KINDS = (0x10000000, 0x20000, 0x40000000, 0x20000000, 0x8000000, 0x4000000, 0x2000000, 0x80)
UNSHARE, SETNS = (272, 308) if os.uname().machine == "x86_64" else (97, 268)


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    for kind in KINDS:
        if libc.unshare(kind) == 0 or libc.syscall(UNSHARE, kind) == 0:
            return "got through"
    for number in (1, outside["server_pid"]):
        for name in ("user", "mnt", "net", "pid_for_children"):
            try:
                descriptor = os.open(f"/proc/{number}/ns/{name}", os.O_RDONLY)
            except OSError:
                continue
            if libc.syscall(SETNS, descriptor, 0) == 0:
                return "got through"
    return "stopped"
