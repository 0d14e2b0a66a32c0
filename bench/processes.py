"""What a tree of processes uses, read from /proc."""

import os
from pathlib import Path
from typing import Final

from msgspec import Struct

_PROC: Final = Path("/proc")
_TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
_KIB: Final = 1024


class CpuTime(Struct, frozen=True, kw_only=True):
    """CPU seconds a server has used up to now.

    By the process itself, by its fork servers, and by the guests, those that have ended included.
    """

    server_s: float
    fork_servers_s: float
    guests_s: float

    @property
    def total_s(self) -> float:
        """All of it."""
        return self.server_s + self.fork_servers_s + self.guests_s

    def since(self, before: "CpuTime") -> "CpuTime":
        """Return what was used after `before`."""
        return CpuTime(
            server_s=self.server_s - before.server_s,
            fork_servers_s=self.fork_servers_s - before.fork_servers_s,
            guests_s=self.guests_s - before.guests_s,
        )


class Memory(Struct, frozen=True, kw_only=True):
    """Memory of a tree of processes.

    Attributes:
        rss_bytes: Resident sizes added up; shared pages count once for each process.
        pss_bytes: The same with shared pages divided among those that share them; None where the
            kernel does not let us read it of every process.
        processes: How many there are.
    """

    rss_bytes: int
    pss_bytes: int | None
    processes: int


class _Stat(Struct, frozen=True, kw_only=True):
    pid: int
    parent: int
    own_s: float
    reaped_s: float
    rss_bytes: int


def cpu_time(pid: int) -> CpuTime:
    """Return what the tree of a server has used so far."""
    root, *below = _tree(pid)
    parents = {stat.parent for stat in below}
    fork_servers = [stat for stat in below if stat.pid in parents]
    guests_s = sum(stat.own_s for stat in below if stat.pid not in parents)
    return CpuTime(
        server_s=root.own_s,
        fork_servers_s=sum(stat.own_s for stat in fork_servers),
        guests_s=guests_s + sum(stat.reaped_s for stat in below) + root.reaped_s,
    )


def memory(pid: int) -> Memory:
    """Return what the tree of a process holds; who leaves meanwhile is not counted."""
    tree = _tree(pid)
    try:
        shares: list[int] | None = [_pss_bytes(stat.pid) for stat in tree]
    except PermissionError:
        shares = None
    return Memory(
        rss_bytes=sum(stat.rss_bytes for stat in tree),
        pss_bytes=None if shares is None else sum(shares),
        processes=len(tree),
    )


def descendants(pid: int) -> frozenset[int]:
    """Return the ids of all processes below one; empty when there is no such process."""
    return frozenset(stat.pid for stat in _tree(pid)[1:])


def _tree(pid: int) -> list[_Stat]:
    """Return a process and all below it, parents before their children."""
    stats = {}
    for entry in _PROC.iterdir():
        if entry.name.isdecimal() and (stat := _stat(int(entry.name))) is not None:
            stats[stat.pid] = stat
    tree = [stats[pid]] if pid in stats else []
    for parent in tree:
        tree += [stat for stat in stats.values() if stat.parent == parent.pid]
    return tree


def _stat(pid: int) -> _Stat | None:
    """Read /proc/PID/stat; None when the process has gone.

    Source: proc_pid_stat(5).
    """
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()
    user, system, reaped_user, reaped_system = (int(field) for field in fields[11:15])
    return _Stat(
        pid=pid,
        parent=int(fields[1]),
        own_s=(user + system) / _TICKS_PER_S,
        reaped_s=(reaped_user + reaped_system) / _TICKS_PER_S,
        rss_bytes=int(fields[21]) * os.sysconf("SC_PAGE_SIZE"),
    )


def _pss_bytes(pid: int) -> int:
    """Read the proportional share of a process, 0 when it has gone.

    Raises:
        PermissionError: If the kernel does not tell us.
    """
    try:
        text = (_PROC / str(pid) / "smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    lines = (line.split() for line in text.splitlines())
    return next((int(words[1]) * _KIB for words in lines if words[0] == "Pss:"), 0)
