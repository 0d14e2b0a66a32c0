# /// corpus
# exam = "witness"
# aim = "attach shared memory of others by guessing its numbers"
# must_pass = ["test_stopped"]
# limits = { test_wall_s = 3.0 }
# ///
import ctypes


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_ssize_t
    for number in range(64):
        if libc.shmat(number, None, 0o10000) != -1:
            return "got through"
    return "stopped"
