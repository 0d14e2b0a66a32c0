# /// corpus
# exam = "witness"
# aim = "attach to the victim, the server and the parent as a debugger"
# must_pass = ["test_stopped"]
# limits = { test_wall_s = 3.0 }
# ///
import ctypes
import os

ATTACH, SEIZE = 16, 0x4206


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    for number in (outside["victim_pid"], outside["server_pid"], os.getppid(), 1, 2):
        for request in (SEIZE, ATTACH):
            if number != os.getpid() and libc.ptrace(request, number, 0, 0) == 0:
                return "got through"
    return "stopped"
