"""The few C library and kernel calls Python 3.11 does not offer, with errors raised as OSError."""

import ctypes
import os
from typing import Final

from sandbox.isolation.syscalls import Number, machine, number

_libc: Final = ctypes.CDLL(None, use_errno=True)
# looked up here once, since every guest would look them up anew
_capset: Final = _libc.capset
_prctl: Final = _libc.prctl
_syscall: Final = _libc.syscall
_fork: Final = ctypes.PyDLL(None, use_errno=True).fork

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2

_CAPABILITY_HEADER: Final = (ctypes.c_uint32 * 2)(0x20080522, 0)
"""Source: linux/capability.h, _LINUX_CAPABILITY_VERSION_3."""
_NO_CAPABILITY: Final = (ctypes.c_uint32 * 6)()


def checked(status: int, what: str) -> int:
    """Return `status`, or raise OSError naming `what` when it is negative."""
    if status < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return status


def syscall(call: Number, *arguments: object) -> int:
    """Make a raw system call by its number on this machine.

    Raises:
        OSError: What the kernel answered.
    """
    return checked(_syscall(number(call, machine()), *arguments), "syscall")


def prctl(option: int, value: int) -> None:
    """Set one process attribute."""
    checked(_prctl(option, value, 0, 0, 0), "prctl")


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Mount a file system, or change how one is mounted."""
    checked(
        _libc.mount(
            source.encode(),
            target.encode(),
            kind.encode() if kind else None,
            ctypes.c_ulong(flags),
            options.encode() if options else None,
        ),
        f"mount {target}",
    )


def umount(target: str, flags: int = 0) -> None:
    """Unmount a file system."""
    checked(_libc.umount2(target.encode(), flags), f"umount {target}")


def drop_capabilities() -> None:
    """Give up every capability of the calling process, inherited ones included."""
    checked(_capset(_CAPABILITY_HEADER, _NO_CAPABILITY), "capset")


def set_seccomp_filter(header: "ctypes.Array[ctypes.c_char]") -> None:
    """Install the filter that a struct sock_fprog names."""
    checked(_prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0), "seccomp")


def fork() -> int:
    """Fork a process of one thread, without what Python does after a fork.

    That work re-creates locks and state that only other threads could have left in disorder, and
    costs a guest a tenth of its start. Nothing here may be called while a second thread runs.
    """
    return checked(_fork(), "fork")
