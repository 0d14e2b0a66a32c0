"""The folder that holds the scratch of a sandbox's guests, and what killed servers left of theirs.

A living server holds a lock on its folder, which ends with the server however that ends. So a
folder whose lock is to be had belongs to nobody, and goes with the control groups that bear its
token.
"""

import fcntl
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from sandbox.isolation import cgroup, scratch

_PREFIX: Final = "python-code-review-env-"


class ScratchRoot:
    """A new folder of this server's own, named by the system's temporary folder.

    Attributes:
        path: The folder; guests may pass through it, not list it.
        token: Names it and nothing else on this machine.

    Raises:
        OSError: If it can not be made.
    """

    def __init__(self) -> None:
        self._lock = -1
        while self._lock < 0:
            self.path = tempfile.mkdtemp(prefix=_PREFIX)
            self._lock = _locked(self.path)  # not to be had if a sweep came in between
        Path(self.path).chmod(0o711)
        self.token = self.path.rpartition(_PREFIX)[2]

    def close(self) -> None:
        """Remove the folder, which is empty by now, and let go of it."""
        Path(self.path).rmdir()
        os.close(self._lock)


def sweep() -> None:
    """Remove what servers left that were killed and ran as the same user."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        lock = _locked(str(folder))
        if lock >= 0:
            with suppress(OSError):  # the next sweep may be luckier
                _remove(str(folder))
            os.close(lock)


def _locked(folder: str) -> int:
    """Return a descriptor that holds the folder's lock, -1 where that is not to be had."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return -1
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return -1
    found = os.fstat(descriptor)
    if found.st_uid != os.geteuid() or not found.st_nlink:
        os.close(descriptor)
        return -1
    return descriptor


def _remove(folder: str) -> None:
    cgroup.remove_all(folder.rpartition(_PREFIX)[2])
    for entry in list(os.scandir(folder)):
        scratch.remove(entry.path)
    os.rmdir(folder)
