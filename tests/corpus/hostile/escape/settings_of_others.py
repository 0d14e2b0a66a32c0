# /// corpus
# exam = "witness"
# aim = "change limits, priority, cores and memory policy of the victim and the server"
# must_pass = ["test_stopped"]
# ///
import ctypes
import os
import resource

X86 = os.uname().machine == "x86_64"
IOPRIO_SET, MIGRATE_PAGES = (251, 256) if X86 else (30, 238)
PROCESS_MADVISE, PROCESS_MRELEASE, PIDFD_OPEN = 440, 448, 434


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    nodes = (ctypes.c_ulong * 1)(1)
    for number in (outside["victim_pid"], outside["server_pid"], os.getppid()):
        if number in (0, os.getpid()):
            continue
        for change in (
            lambda: resource.prlimit(number, resource.RLIMIT_NOFILE, (8, 8)),
            lambda: os.setpriority(os.PRIO_PROCESS, number, 19),
            lambda: os.sched_setaffinity(number, {0}),
            lambda: os.sched_setscheduler(number, os.SCHED_IDLE, os.sched_param(0)),
        ):
            try:
                change()
            except OSError:
                continue
            return "got through"
        if libc.syscall(IOPRIO_SET, 1, number, (3 << 13)) == 0:
            return "got through"
        if libc.syscall(MIGRATE_PAGES, number, 1, nodes, nodes) >= 0:
            return "got through"
        opened = libc.syscall(PIDFD_OPEN, number, 0)
        if opened >= 0 and libc.syscall(PROCESS_MRELEASE, opened, 0) == 0:
            return "got through"
    return "stopped"
