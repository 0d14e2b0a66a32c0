"""How many threads a guest has: the kernel asks the fork server before it makes one.

RLIMIT_NPROC counts every task of a user on the machine. Where guests share the server's user, one
guest could use up what all may have, and a desktop's own processes could leave them nothing.

Source: Linux Documentation/userspace-api/seccomp_filter.rst, "Userspace Notification".
"""

import errno
import fcntl
import os
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NamedTuple

from sandbox.isolation import seccomp

_RECEIVE: Final = 0xC0502100  # SECCOMP_IOCTL_NOTIF_RECV
_SEND: Final = 0xC0182101  # SECCOMP_IOCTL_NOTIF_SEND
_CONTINUE: Final = 1  # SECCOMP_USER_NOTIF_FLAG_CONTINUE
_REQUEST: Final = struct.Struct("=QI68x")
"""struct seccomp_notif: id, pid; flags and the call's facts are known."""
_RESPONSE: Final = struct.Struct("=QqiI")
"""struct seccomp_notif_resp: id, value, error, flags."""
_STATUS_BYTES: Final = 4096
_RETRIES: Final = 5
_RETRY_S: Final = 0.001
"""A joined thread may be counted a little longer."""


class _Process(NamedTuple):
    pid: int
    thread_count: int


class Gate:
    """Decides about the threads of all processes forked from here on.

    Args:
        proc: Descriptor of a /proc that shows them.
        architecture: Key of the system call tables.

    Raises:
        OSError: If the kernel does not ask, or somebody else is asked already.
    """

    def __init__(self, proc: int, architecture: str) -> None:
        self._proc = proc
        self.descriptor = seccomp.Filter(seccomp.thread_filter(architecture)).install_listener()

    def decide(self, most: Callable[[int], int]) -> None:
        """Answer the request that makes `descriptor` readable.

        Args:
            most: How many threads a process may have besides its first, by its id.
        """
        request = bytearray(_REQUEST.size)
        with suppress(OSError):  # who asked is gone
            fcntl.ioctl(self.descriptor, _RECEIVE, request)
            identity, thread = _REQUEST.unpack(request)
            if self._has_room(thread, most):
                answer = _RESPONSE.pack(identity, 0, 0, _CONTINUE)
            else:
                answer = _RESPONSE.pack(identity, 0, -errno.EAGAIN, 0)
            fcntl.ioctl(self.descriptor, _SEND, answer)

    def _has_room(self, thread: int, most: Callable[[int], int]) -> bool:
        for _ in range(_RETRIES):
            process = self._process_of(thread)
            if process.thread_count <= most(process.pid):
                return True
            time.sleep(_RETRY_S)
        return False

    def _process_of(self, thread: int) -> _Process:
        status = os.open(f"{thread}/status", os.O_RDONLY | os.O_CLOEXEC, dir_fd=self._proc)
        try:
            text = os.read(status, _STATUS_BYTES)
        finally:
            os.close(status)
        return _Process(_number(text, b"\nTgid:"), _number(text, b"\nThreads:"))


def _number(status: bytes, label: bytes) -> int:
    return int(status.partition(label)[2].split(maxsplit=1)[0])
