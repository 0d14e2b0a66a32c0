"""Seccomp: which system calls guests may make.

Two filters stack. The fork server installs the long allow list once and every guest inherits it;
a guest adds a short one of its own, since a filter's installation costs time in its length.
"""

import ctypes
import errno
import struct
from collections.abc import Sequence
from typing import Final

from sandbox.isolation.libc import set_seccomp_filter, syscall
from sandbox.isolation.syscalls import ALLOWED, AUDIT_ARCH, CLONE3, SETUP_ONLY, number, numbers

# Source: linux/bpf_common.h and linux/seccomp.h.
_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_AT_LEAST: Final = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_ANY_BIT: Final = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_AND: Final = 0x54  # BPF_ALU | BPF_AND | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | errno.EPERM
_MISSING: Final = 0x00050000 | errno.ENOSYS
_ASK: Final = 0x7FC00000
"""SECCOMP_RET_USER_NOTIF: weaker than a refusal by another filter, stronger than its leave."""
_SET_FILTER: Final = 1
_NEW_LISTENER: Final = 1 << 3
_NUMBER_OFFSET: Final = 0
_ARCHITECTURE_OFFSET: Final = 4
_ARGUMENTS_OFFSET: Final = 16

_CLONE_THREAD: Final = 0x00010000
_CLONE_NEW_ANY: Final = 0x7E020080
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET and NEWTIME."""
_SIGNALLING_FCNTL: Final = (8, 10, 15)
"""F_SETOWN, F_SETSIG and F_SETOWN_EX: they have the kernel signal another process."""
_SIGNALLING_IOCTL: Final = (0x8901, 0x8902, 0x5452)
"""FIOSETOWN, SIOCSPGRP and FIOASYNC: the same by another way. Source: asm-generic/sockios.h."""
_AF_UNIX: Final = 1
_SOCK_STREAM: Final = 1
_SOCK_TYPE_MASK: Final = 0xF
_X32_BIT: Final = 0x40000000


def _instruction(code: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, then, otherwise, value)


def _load(offset: int) -> bytes:
    return _instruction(_LOAD, offset)


def _argument(index: int, *, high: bool = False) -> bytes:
    return _load(_ARGUMENTS_OFFSET + 8 * index + (4 if high else 0))


def _answer(action: int) -> bytes:
    return _instruction(_RETURN, action)


def _allow_list(allowed: list[int]) -> bytes:
    return b"".join(_instruction(_EQUAL, one, otherwise=1) + _answer(_ALLOW) for one in allowed)


def server_filter(architecture: str) -> bytes:
    """Return the allow list of the fork server, which every guest inherits."""
    return b"".join(
        [
            _load(_ARCHITECTURE_OFFSET),
            _instruction(_EQUAL, AUDIT_ARCH[architecture], then=1),
            _answer(_REFUSE),
            _load(_NUMBER_OFFSET),
            _instruction(_AT_LEAST, _X32_BIT, otherwise=1),
            _answer(_REFUSE),
            _instruction(_EQUAL, getattr(CLONE3, architecture), otherwise=1),
            _answer(_MISSING),
            _allow_list(numbers(ALLOWED, architecture)),
            _answer(_REFUSE),
        ]
    )


def _only(call: int, body: bytes) -> bytes:
    """Run `body`, which always answers, when that is the call's number."""
    return _instruction(_EQUAL, call, otherwise=len(body) // 8) + body


def _argument_is(index: int, value: int) -> bytes:
    return b"".join(
        [
            _argument(index),
            _instruction(_EQUAL, value, then=1),
            _answer(_REFUSE),
            _answer(_ALLOW),
        ]
    )


def _argument_is_none_of(index: int, values: Sequence[int]) -> bytes:
    return b"".join(
        [
            _argument(index),
            *(_instruction(_EQUAL, one, otherwise=1) + _answer(_REFUSE) for one in values),
            _answer(_ALLOW),
        ]
    )


def _thread_only() -> bytes:
    return b"".join(
        [
            _argument(0),
            _instruction(_ANY_BIT, _CLONE_NEW_ANY, otherwise=1),
            _answer(_REFUSE),
            _instruction(_ANY_BIT, _CLONE_THREAD, then=1),
            _answer(_REFUSE),
            _answer(_ALLOW),
        ]
    )


def _unix_stream_pair() -> bytes:
    return b"".join(
        [
            _argument(0),
            _instruction(_EQUAL, _AF_UNIX, then=1),
            _answer(_REFUSE),
            _argument(1),
            _instruction(_AND, _SOCK_TYPE_MASK),
            _instruction(_EQUAL, _SOCK_STREAM, then=1),
            _answer(_REFUSE),
            _answer(_ALLOW),
        ]
    )


_PID_PLACEHOLDER: Final = 0x7FFFFFF1
"""Stands for the guest's own id until it is known; beyond any real process id."""


def guest_filter(architecture: str, *, may_execute: bool = False) -> bytes:
    """Return what a guest adds: no process, no signal to others, no way back to set-up calls.

    Args:
        may_execute: For the linter, which is a program of its own and runs no submission.
    """
    lost = SETUP_ONLY - {"execve"} if may_execute else SETUP_ONLY
    call = {name: getattr(ALLOWED[name], architecture) for name in ALLOWED}
    parts = [_load(_NUMBER_OFFSET)]
    parts += [
        _instruction(_EQUAL, one, otherwise=1) + _answer(_REFUSE)
        for one in numbers(lost, architecture)
    ]
    parts += [
        _only(call["clone"], _thread_only()),
        _only(call["kill"], _argument_is(0, _PID_PLACEHOLDER)),
        _only(call["tgkill"], _argument_is(0, _PID_PLACEHOLDER)),
        _only(call["prlimit64"], _argument_is(0, 0)),
        _only(call["fcntl"], _argument_is_none_of(1, _SIGNALLING_FCNTL)),
        _only(call["ioctl"], _argument_is_none_of(1, _SIGNALLING_IOCTL)),
        _only(call["socketpair"], _unix_stream_pair()),
        _instruction(_EQUAL, call["prctl"], otherwise=1),
        _answer(_REFUSE),
        _answer(_ALLOW),
    ]
    return b"".join(parts)


def thread_filter(architecture: str) -> bytes:
    """Return the filter that asks before a thread is made."""
    asks = b"".join(
        [
            _argument(0),
            _instruction(_ANY_BIT, _CLONE_THREAD, otherwise=1),
            _answer(_ASK),
            _answer(_ALLOW),
        ]
    )
    clone = number(ALLOWED["clone"], architecture)
    return b"".join([_load(_NUMBER_OFFSET), _only(clone, asks), _answer(_ALLOW)])


class Filter:
    """A filter laid out once, so that a guest has little to do to install it."""

    def __init__(self, program: bytes) -> None:
        self._code = ctypes.create_string_buffer(program, len(program))
        header = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(self._code))
        self._header = ctypes.create_string_buffer(header, 16)
        placeholder = struct.pack("I", _PID_PLACEHOLDER)
        self._pid_offsets = [
            at + 4 for at in range(0, len(program), 8) if program[at + 4 : at + 8] == placeholder
        ]

    @property
    def program(self) -> bytes:
        """The filter's instructions as they are now."""
        return self._code.raw

    def name_process(self, pid: int) -> None:
        """Set the only process that may be signalled."""
        for offset in self._pid_offsets:
            struct.pack_into("I", self._code, offset, pid)

    def install(self, pid: int) -> None:
        """Put the filter on the calling thread, which has given up new privileges, for good.

        Args:
            pid: The process's own id in its PID namespace, the only one it may signal.

        Raises:
            OSError: If the kernel refuses it.
        """
        self.name_process(pid)
        set_seccomp_filter(self._header)

    def install_listener(self) -> int:
        """Put the filter on the calling thread and return where the kernel asks.

        Raises:
            OSError: If the kernel refuses it.
        """
        return syscall(ALLOWED["seccomp"], _SET_FILTER, _NEW_LISTENER, self._header)
