# /// corpus
# exam = "witness"
# aim = "copy a descriptor out of the victim or the server with pidfd_getfd"
# must_pass = ["test_stopped"]
# limits = { test_wall_s = 3.0 }
# ///
import ctypes
import os


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    for number in (outside["victim_pid"], outside["server_pid"], os.getppid()):
        opened = libc.syscall(434, number, 0)
        if opened >= 0:
            for descriptor in range(8):
                if libc.syscall(438, opened, descriptor, 0) >= 0:
                    return "got through"
    return "stopped"
