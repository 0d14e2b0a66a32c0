# /// corpus
# exam = "witness"
# aim = "signal by tkill, tgkill, rt_sigqueueinfo, pidfd_send_signal"
# must_pass = ["test_stopped"]
# ///
import ctypes
import os

X86 = os.uname().machine == "x86_64"
TKILL, TGKILL, QUEUE, TGQUEUE = (200, 234, 129, 297) if X86 else (130, 131, 138, 240)
PIDFD_OPEN, PIDFD_SEND = 434, 424


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    info = (ctypes.c_int * 32)(9, 0, -1)
    for number in (outside["victim_pid"], outside["server_pid"], os.getppid()):
        if number in (0, os.getpid()):
            continue
        for call in (
            (TKILL, number, 9),
            (TGKILL, number, number, 9),
            (QUEUE, number, 9, ctypes.byref(info)),
            (TGQUEUE, number, number, 9, ctypes.byref(info)),
        ):
            if libc.syscall(*call) == 0:
                return "got through"
        opened = libc.syscall(PIDFD_OPEN, number, 0)
        if opened >= 0 and libc.syscall(PIDFD_SEND, opened, 9, None, 0) == 0:
            return "got through"
    return "stopped"
