"""Resource limits of one guest."""

import os
import resource
from typing import Final

from msgspec import Struct

from sandbox.limits import MIB, Limits

_STACK_BYTES: Final = 8 * MIB
_SIGXCPU_S: Final = 1
"""CPU seconds between SIGXCPU, which names the cause, and SIGKILL, which can not be ignored."""
_GRANTED: Final = (
    resource.RLIMIT_AS,
    resource.RLIMIT_CPU,
    resource.RLIMIT_FSIZE,
    resource.RLIMIT_NOFILE,
)


class Grant(Struct, frozen=True, kw_only=True):
    """The part of `Limits` that the kernel holds for a guest."""

    memory_bytes: int
    cpu_s: int
    file_size_bytes: int
    open_files: int


def granted(limits: Limits) -> Grant:
    """Return what `limits` grant a guest."""
    return Grant(
        memory_bytes=limits.memory_bytes,
        cpu_s=limits.cpu_s,
        file_size_bytes=limits.file_size_bytes,
        open_files=limits.open_files,
    )


def mapped_bytes() -> int:
    """Return the calling process's virtual size; needs /proc, so ask before leaving it."""
    with open("/proc/self/statm", "rb") as statm:
        return int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _set(what: int, value: int, *, grace: int = 0) -> None:
    _, hard = resource.getrlimit(what)
    most = value + grace
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (min(value, allowed), allowed))


def apply_fixed() -> None:
    """Set what no guest may ever raise; guests inherit it from the fork server."""
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_STACK, _STACK_BYTES)
    _set(resource.RLIMIT_MEMLOCK, 0)
    _set(resource.RLIMIT_MSGQUEUE, 0)


def rehearse() -> None:
    """Set every limit that `apply` sets to what it is already."""
    for what in _GRANTED:
        resource.setrlimit(what, resource.getrlimit(what))


def apply(grant: Grant, *, mapped_at_start_bytes: int) -> None:
    """Confine the calling process to what its job grants.

    Args:
        mapped_at_start_bytes: What a fresh guest maps; the granted memory comes on top.
    """
    _set(resource.RLIMIT_AS, mapped_at_start_bytes + grant.memory_bytes)
    _set(resource.RLIMIT_CPU, grant.cpu_s, grace=_SIGXCPU_S)
    _set(resource.RLIMIT_FSIZE, grant.file_size_bytes)
    _set(resource.RLIMIT_NOFILE, grant.open_files)
