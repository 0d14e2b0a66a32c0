"""A control group per guest slot: memory and tasks, in the v1 or v2 hierarchy."""

import errno
import os
import time
from pathlib import Path
from typing import Final

from msgspec import Struct

ROOT: Final = Path("/sys/fs/cgroup")
_V1_MEMORY: Final = "memory"
_V1_PIDS: Final = "pids"
_V1_JOIN: Final = "tasks"
"""Moves one thread, all that a guest has; `cgroup.procs` would wait for every fork there is."""
_PARENT: Final = "python_code_review_env"
_BUSY_S: Final = 1.0
"""How long a group may stay busy after its last process was killed."""
_BUSY_RETRY_S: Final = 0.005


class SlotGroup(Struct, frozen=True, kw_only=True):
    """Open descriptors of one slot's group, usable after the file system is out of reach."""

    join: tuple[int, ...]
    memory_limit: int
    kills: int

    def enter(self) -> None:
        """Move the calling process in."""
        for descriptor in self.join:
            os.write(descriptor, b"0")

    def limit_memory(self, memory_bytes: int) -> None:
        """Set what the slot's next guest may use."""
        os.pwrite(self.memory_limit, str(memory_bytes).encode(), 0)

    def kill_count(self) -> int:
        """Return how many processes the kernel killed here for lack of memory."""
        text = os.pread(self.kills, 4096, 0).decode()
        counts = dict(line.split() for line in text.splitlines())
        return int(counts["oom_kill"])


def _write(path: Path, text: str) -> None:
    path.write_text(text)


def _open(path: Path, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC)


def _v1_group(root: Path, name: str, memory_bytes: int, task_count: int) -> SlotGroup:
    memory, pids = root / _V1_MEMORY / _PARENT / name, root / _V1_PIDS / _PARENT / name
    for folder in (memory, pids):
        folder.mkdir(parents=True, exist_ok=True)
    _write(memory / "memory.limit_in_bytes", str(memory_bytes))
    _write(pids / "pids.max", str(task_count))
    return SlotGroup(
        join=(
            _open(memory / _V1_JOIN, os.O_WRONLY),
            _open(pids / _V1_JOIN, os.O_WRONLY),
        ),
        memory_limit=_open(memory / "memory.limit_in_bytes", os.O_WRONLY),
        kills=_open(memory / "memory.oom_control", os.O_RDONLY),
    )


def _v2_group(root: Path, name: str, memory_bytes: int, task_count: int) -> SlotGroup:
    parent = root / _PARENT
    parent.mkdir(exist_ok=True)
    for folder in (root, parent):
        _write(folder / "cgroup.subtree_control", "+memory +pids")
    group = parent / name
    group.mkdir(exist_ok=True)
    _write(group / "memory.max", str(memory_bytes))
    _write(group / "pids.max", str(task_count))
    if (group / "memory.swap.max").exists():
        _write(group / "memory.swap.max", "0")
    return SlotGroup(
        join=(_open(group / "cgroup.procs", os.O_WRONLY),),
        memory_limit=_open(group / "memory.max", os.O_WRONLY),
        kills=_open(group / "memory.events", os.O_RDONLY),
    )


def slot_group(name: str, *, memory_bytes: int, task_count: int, root: Path = ROOT) -> SlotGroup:
    """Make the group of one guest slot.

    Args:
        root: Where the hierarchies are mounted.

    Raises:
        OSError: If no writable hierarchy has both controllers.
    """
    if (root / _V1_MEMORY / "memory.limit_in_bytes").exists() and (root / _V1_PIDS).is_dir():
        return _v1_group(root, name, memory_bytes, task_count)
    return _v2_group(root, name, memory_bytes, task_count)


def remove(name: str, root: Path = ROOT) -> None:
    """Remove a slot's group, whose guest has been killed; what is gone or stays busy is let be."""
    give_up = time.monotonic() + _BUSY_S
    for hierarchy in (root / _V1_MEMORY, root / _V1_PIDS, root):
        while not _is_removed(hierarchy / _PARENT / name) and time.monotonic() < give_up:
            time.sleep(_BUSY_RETRY_S)


def remove_all(token: str, root: Path = ROOT) -> None:
    """Remove the groups of a server that was killed.

    Args:
        token: What all their names have between two dashes.
    """
    parents = [root / part / _PARENT for part in (_V1_MEMORY, _V1_PIDS, "")]
    for name in {group.name for parent in parents for group in parent.glob(f"*-{token}-*")}:
        remove(name, root)


def _is_removed(group: Path) -> bool:
    try:
        group.rmdir()
    except OSError as refused:
        return refused.errno != errno.EBUSY
    return True
