# /// corpus
# exam = "witness"
# aim = "undo no_new_privs, gain capabilities, leave the seccomp filter"
# must_pass = ["test_stopped"]
# ///
import ctypes
import os

X86 = os.uname().machine == "x86_64"
CAPSET, SECCOMP, PERSONALITY = (126, 317, 135) if X86 else (91, 277, 92)
SET_NO_NEW_PRIVS, GET_NO_NEW_PRIVS, GET_SECCOMP, SET_SECUREBITS, CAP_AMBIENT = 38, 39, 21, 28, 47


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(SET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0 or libc.prctl(GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0:
        return "got through"
    if libc.prctl(SET_SECUREBITS, 0x2F, 0, 0, 0) == 0 or libc.prctl(CAP_AMBIENT, 2, 21, 0, 0) == 0:
        return "got through"
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)
    full = (ctypes.c_uint32 * 6)(0xFFFFFFFF, 0xFFFFFFFF, 0, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    if libc.syscall(CAPSET, ctypes.byref(head), ctypes.byref(full)) == 0:
        return "got through"
    # A filter that allows everything: it may be added, but must not undo the one before it.
    allow = (ctypes.c_uint64 * 1)(0x7FFF000000000006)
    program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(allow))
    libc.syscall(SECCOMP, 1, 0, ctypes.byref(program))
    libc.syscall(PERSONALITY, 0x0040000)
    try:
        os.getpgid(0)
        made = os.fork()
    except OSError:
        return "stopped"
    if made == 0:
        os._exit(0)
    return "got through"
