"""The kernel's CPU clock of another process."""

import time


def cpu_clock_s(process_id: int) -> float:
    """Return the CPU seconds a process has used, all its threads together.

    Source: linux/posix-timers.h, MAKE_PROCESS_CPUCLOCK with CPUCLOCK_SCHED.

    Raises:
        OSError: If there is no such process.
    """
    return time.clock_gettime((~process_id << 3) | 2)
