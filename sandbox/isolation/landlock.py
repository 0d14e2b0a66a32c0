"""Landlock: which files a guest may touch, and no TCP port, abstract socket or foreign signal.

Source: Linux Documentation/userspace-api/landlock.rst.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Iterable
from typing import Final

from sandbox.isolation.libc import syscall
from sandbox.isolation.syscalls import (
    ALLOWED,
    LANDLOCK_ADD_RULE,
    LANDLOCK_CREATE_RULESET,
)

EXECUTE: Final = 1 << 0
_WRITE_FILE: Final = 1 << 1
_READ_FILE: Final = 1 << 2
_READ_DIR: Final = 1 << 3
_REMOVE_DIR: Final = 1 << 4
_REMOVE_FILE: Final = 1 << 5
_MAKE_DIR: Final = 1 << 7
_MAKE_REG: Final = 1 << 8
_TRUNCATE: Final = 1 << 14
_FILE_RIGHTS: Final = EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE

READ: Final = _READ_FILE | _READ_DIR
LIST: Final = _READ_DIR
SCRATCH: Final = READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _TRUNCATE
DEVICE: Final = _READ_FILE | _WRITE_FILE

_FILESYSTEM_RIGHTS_BY_ABI: Final = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many of the access bits each ABI version knows."""
_NETWORK_RIGHTS: Final = 0b11  # bind and connect TCP, since ABI 4
_SCOPES: Final = 0b11  # abstract unix sockets and signals, since ABI 6
_RULE_PATH_BENEATH: Final = 1
_VERSION_FLAG: Final = 1


def abi_version() -> int:
    """Return the kernel's Landlock ABI, 0 where there is none."""
    try:
        return syscall(LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_FLAG)
    except OSError as error:
        if error.errno in (errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM):
            return 0
        raise


def _handled(abi: int) -> int:
    known = max(count for since, count in _FILESYSTEM_RIGHTS_BY_ABI.items() if since <= abi)
    return (1 << known) - 1


def _allow(ruleset: int, path: str, rights: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, opened), 12)
        syscall(LANDLOCK_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(opened)


def ruleset(rules: Iterable[tuple[str, int]]) -> int:
    """Build a ruleset that allows `(path, rights)` and nothing else; return its descriptor.

    Raises:
        OSError: If the kernel has no Landlock or a path can not be opened.
    """
    abi = abi_version()
    if abi < 1:
        raise OSError(errno.EOPNOTSUPP, "this kernel has no Landlock")
    handled = _handled(abi)
    attributes = struct.pack(
        "=QQQ", handled, _NETWORK_RIGHTS if abi >= 4 else 0, _SCOPES if abi >= 6 else 0
    )
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    buffer = ctypes.create_string_buffer(attributes, 24)
    made = syscall(LANDLOCK_CREATE_RULESET, buffer, ctypes.c_size_t(size), 0)
    for path, rights in rules:
        kept = rights & handled
        _allow(made, path, kept if os.path.isdir(path) else kept & _FILE_RIGHTS)
    return made


def restrict(ruleset_descriptor: int) -> None:
    """Confine the calling thread, which has given up new privileges, to a ruleset, for good."""
    syscall(ALLOWED["landlock_restrict_self"], ruleset_descriptor, 0)
