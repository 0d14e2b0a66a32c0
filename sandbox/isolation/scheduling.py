"""How the kernel shares processors between guests: in short turns, so that a waking one runs soon.

Source: linux/sched/types.h, struct sched_attr; Linux 6.12 lets ordinary tasks ask for their slice.
"""

import os
import struct
from typing import Final

from sandbox.isolation.libc import syscall
from sandbox.isolation.syscalls import Number

_SCHED_SETATTR: Final = Number(314, 274)
_ATTRIBUTES: Final = struct.Struct("=IIQiIQQQ")
"""size, policy, flags, nice, priority, runtime in ns, deadline, period."""
_SLICE_NS: Final = 100_000


def ask_for_short_turns() -> None:
    """Give the calling process, and those it forks, short turns where the kernel grants them.

    Kernels before 6.12 leave turns as they are. A process that was not started as an ordinary one
    keeps what it was started with.

    Raises:
        OSError: If the kernel refuses.
    """
    if os.sched_getscheduler(0) == os.SCHED_OTHER:
        nice = os.getpriority(os.PRIO_PROCESS, 0)
        wish = _ATTRIBUTES.pack(_ATTRIBUTES.size, os.SCHED_OTHER, 0, nice, 0, _SLICE_NS, 0, 0)
        syscall(_SCHED_SETATTR, 0, wish, 0)
