"""The kernel's CPU clock of another process."""

import struct
import time
from typing import Final

ANSWER: Final = struct.Struct("=d")
"""What answers a byte on a candidate's clock: CPU seconds, or `GONE_S`."""
GONE_S: Final = -1.0
"""The process has ended."""


def cpu_clock_s(process_id: int) -> float:
    """Return the CPU seconds a process has used, all its threads together.

    Source: linux/posix-timers.h, MAKE_PROCESS_CPUCLOCK with CPUCLOCK_SCHED.

    Raises:
        OSError: If there is no such process.
    """
    return time.clock_gettime((~process_id << 3) | 2)
