"""Namespaces and the minimal read-only root in which the fork server and its guests live."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sandbox.isolation.libc import mount, syscall, umount
from sandbox.isolation.syscalls import PIVOT_ROOT, UNSHARE
from sandbox.limits import SCRATCH_BYTES, SCRATCH_FILES

# Source: linux/sched.h.
_FLAGS: Final = {
    "mount": 0x00020000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "pid": 0x20000000,
    "network": 0x40000000,
}
_NEWUSER: Final = 0x10000000

# Source: linux/mount.h.
_READ_ONLY: Final = 1
_NO_SUID: Final = 2
_NO_DEV: Final = 4
_NO_EXEC: Final = 8
_REMOUNT: Final = 32
_BIND: Final = 4096
_RECURSIVE: Final = 16384
_PRIVATE: Final = 1 << 18
_DETACH: Final = 2
_LOCKED_FLAGS: Final = _NO_SUID | _NO_DEV | _NO_EXEC | 1024 | 2048
"""Flags a user namespace may not clear: nosuid, nodev, noexec, noatime, nodiratime."""

_ROOT_CANDIDATES: Final = ("/mnt", "/srv", "/media", "/opt", "/tmp")  # noqa: S108 - mounted over
_ROOT_LINKS: Final = ("/lib", "/lib64")
"""Where merged-usr systems point into /usr; programs name their loader by these."""
DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/urandom")
SCRATCH_ROOT: Final = "/scratch"


def _unshare(flags: int) -> None:
    syscall(UNSHARE, flags)


def _map_own_user(uid: int, gid: int) -> None:
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def _refusal_of_user_namespace(flags: int) -> str:
    """Say why a user namespace is of no use here; empty when it is.

    There is no way back out of one, so a child tries. AppArmor may allow the namespace and refuse
    every mount in it.
    """
    child = os.fork()
    if child == 0:
        try:
            _unshare(flags)
            keep_mounts_private()
        except OSError as refused:
            os._exit(refused.errno or errno.EPERM)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return os.strerror(code) if code else ""


def enter() -> tuple[tuple[str, ...], dict[str, str]]:
    """Move the calling process into new namespaces, by privilege or by a user namespace.

    A new PID namespace holds for children only: fork next.

    Returns:
        Names of the namespaces entered, and for each other one the reason.
    """
    every = 0
    for flag in _FLAGS.values():
        every |= flag
    try:
        _unshare(every)
    except OSError as refused:
        reason = f"unshare: {refused.strerror}"
    else:
        return tuple(sorted(_FLAGS)), {"user": "not needed: the server is privileged"}
    refusal = _refusal_of_user_namespace(every | _NEWUSER)
    if refusal:
        return (), dict.fromkeys((*_FLAGS, "user"), f"{reason}; user: {refusal}")
    uid, gid = os.getuid(), os.getgid()
    _unshare(every | _NEWUSER)
    _map_own_user(uid, gid)
    return tuple(sorted((*_FLAGS, "user"))), {}


def keep_mounts_private() -> None:
    """Let nothing that is mounted from here on be seen outside the mount namespace."""
    mount("none", "/", None, _RECURSIVE | _PRIVATE)


def mount_proc() -> None:
    """Let /proc show the PID namespace this is the first process of.

    Raises:
        OSError: If parts of the outer /proc are masked, as in containers.
    """
    mount("proc", "/proc", "proc", _NO_SUID | _NO_DEV | _NO_EXEC)


def _bind(source: str, target: str, *, read_only: bool) -> None:
    if os.path.isdir(source):
        os.makedirs(target, mode=0o755, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), mode=0o755, exist_ok=True)
        Path(target).touch()
    mount(source, target, None, _BIND | _RECURSIVE)
    if read_only:
        kept = os.statvfs(target).f_flag & _LOCKED_FLAGS
        mount("none", target, None, _BIND | _REMOUNT | _READ_ONLY | _NO_SUID | kept)


def _free_mount_point(paths: Sequence[str]) -> str:
    for candidate in _ROOT_CANDIDATES:
        inside = any(path.startswith(f"{candidate}/") for path in paths)
        if os.path.isdir(candidate) and not inside:
            return candidate
    raise OSError("no folder to build the guests' root in: " + ", ".join(_ROOT_CANDIDATES))


def build_root(readable: Sequence[str], users: Sequence[int | None]) -> tuple[str, ...]:
    """Replace the root by a read-only one that holds `readable` and a scratch folder a guest.

    Needs the mount namespace, and `keep_mounts_private`.

    Args:
        users: Who owns the scratch folder of each slot; None for everybody.

    Returns:
        The scratch folders, one per guest slot, each a tmpfs of its own.
    """
    root = _free_mount_point(readable)
    mount("tmpfs", root, "tmpfs", _NO_SUID | _NO_DEV, "size=1m,mode=755")
    for path in readable:
        _bind(path, root + path, read_only=True)
    for link in _ROOT_LINKS:
        if os.path.islink(link):
            os.symlink(os.readlink(link), root + link)
    for device in DEVICES:
        if os.path.exists(device):
            _bind(device, root + device, read_only=False)
    for index, user in enumerate(users):
        folder = f"{root}{SCRATCH_ROOT}/{index}"
        os.makedirs(folder)
        _mount_scratch(folder, user)
    os.chdir(root)
    syscall(PIVOT_ROOT, b".", b".")
    umount(".", _DETACH)
    os.chdir("/")
    mount("none", "/", None, _BIND | _REMOUNT | _READ_ONLY | _NO_SUID | _NO_DEV)
    return tuple(f"{SCRATCH_ROOT}/{index}" for index in range(len(users)))


def _mount_scratch(folder: str, user: int | None) -> None:
    """Mount an empty tmpfs of the scratch limits on `folder`, for one user or for everybody."""
    owner = "mode=777" if user is None else f"mode=700,uid={user},gid={user}"
    options = f"size={SCRATCH_BYTES},nr_inodes={SCRATCH_FILES},{owner}"
    mount("tmpfs", folder, "tmpfs", _NO_SUID | _NO_DEV | _NO_EXEC, options)
