"""Applies every layer this machine allows to the fork server, and prepares those of its guests.

What is reported is what was done: a layer counts only after its call succeeded.
"""

import os
import sys
import sysconfig
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from sandbox.isolation import cgroup, landlock, libc, namespaces, rlimits, seccomp, threads
from sandbox.isolation.syscalls import UnsupportedMachine, machine
from sandbox.limits import DEFAULT_LIMITS, EXAMINER_MEMORY_BYTES, LINTER_MEMORY_BYTES, MIB

_FIRST_USER: Final = 65000
"""Guests of a privileged server run as this user and the following, which Debian leaves free."""
_USERS: Final = 500
_GROUP_MEMORY_MARGIN_BYTES: Final = 64 * MIB
_GROUP_TASKS: Final = 256
"""Tasks of one guest's control group: a bound behind the gate that counts threads exactly."""
_SYSTEM_PATHS: Final = (
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/lib64",
    "/usr/lib64",
    "/lib/x86_64-linux-gnu",
    "/lib/aarch64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
)
_PACKAGE_FOLDERS: Final = frozenset({"site-packages", "dist-packages"})


class Plan(Struct, frozen=True, kw_only=True):
    """What the supervisor asks of one fork server."""

    name: str
    """Unique on this machine; names the control groups."""
    index: int
    """Which fork server of its supervisor this is; decides the guests' user ids."""
    slots: int
    """Guests to keep ready or at work."""
    examiner_slots: int
    """How many of the slots, the first ones, rehearse an examiner's part."""
    scratch_root: str
    """Folder for scratch folders where there is no mount namespace."""
    linter: str
    """Path of the linter's program."""
    is_contained: bool = False
    """Whether a container around has namespaces and bounds the scratch folder."""


class Slot(Struct, kw_only=True):
    """What one guest slot has, whoever lives in it."""

    scratch: str
    mounted: bool
    """Whether its size is bounded by a file system of its own."""
    memory_bytes: int
    """What its guests may use, where nothing else is told of one."""
    user: int | None = None
    group: cgroup.SlotGroup | None = None
    ruleset: int | None = None
    threads: int = DEFAULT_LIMITS.threads
    """What its present guest may start."""
    is_usual: bool = True

    def limit(self, memory_bytes: int, threads: int) -> None:
        """Set what its present guest may use; memory beside what a fresh guest has."""
        self.is_usual = False
        self.threads = threads
        if self.group is not None:
            self.group.limit_memory(memory_bytes + _GROUP_MEMORY_MARGIN_BYTES)

    def forget_limits(self) -> None:
        """Give the next guest what guests of the slot have usually."""
        if not self.is_usual:
            self.limit(self.memory_bytes, DEFAULT_LIMITS.threads)
            self.is_usual = True


class Layers(Struct, kw_only=True):
    """What was applied, what was not and why, the slots, and what guests are to apply."""

    applied: list[str]
    missing: dict[str, str]
    slots: list[Slot]
    linter_ruleset: int | None = None
    guest_filter: seccomp.Filter | None = None
    linter_filter: seccomp.Filter | None = None
    gate: threads.Gate | None = None
    mapped_bytes: int = 0
    """What the fork server maps, and so what a fresh guest maps."""


def _loaded_libraries() -> set[str]:
    with open("/proc/self/maps") as maps:
        paths = {f"/{line.rstrip().partition('/')[2]}" for line in maps}
    return {path for path in paths if ".so" in os.path.basename(path) and os.path.exists(path)}


def _is_packaged(path: str) -> bool:
    return not _PACKAGE_FOLDERS.isdisjoint(path.split("/"))


def readable_paths() -> list[str]:
    """Return what guests may read: the standard library's folder, and shared libraries."""
    # a virtual environment's own folder holds packages only
    base = {"platbase": sys.base_exec_prefix}
    stdlib = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib", vars=base))
    folders = {os.path.realpath(one) for one in (*stdlib, *_SYSTEM_PATHS) if os.path.exists(one)}
    libraries = {os.path.realpath(one) for one in _loaded_libraries() if not _is_packaged(one)}
    apart = {one for one in libraries if not one.startswith(tuple(f"{at}/" for at in folders))}
    return sorted(folders | apart)


def _without_packages(folder: str) -> Iterable[tuple[str, int]]:
    """Allow a folder's entries but for installed packages, and listing of the folder itself."""
    entries = sorted(os.listdir(folder))
    if not _PACKAGE_FOLDERS.intersection(entries):
        return [(folder, landlock.READ)]
    kept = [name for name in entries if name not in _PACKAGE_FOLDERS]
    return [(folder, landlock.LIST), *((f"{folder}/{name}", landlock.READ) for name in kept)]


def guest_rules(readable: Iterable[str]) -> list[tuple[str, int]]:
    """Return what Landlock allows every guest, scratch folders aside: paths and rights."""
    rules: list[tuple[str, int]] = []
    for path in readable:
        rules += _without_packages(path) if os.path.isdir(path) else [(path, landlock.READ)]
    rules += [(path, landlock.DEVICE) for path in namespaces.DEVICES if os.path.exists(path)]
    return rules


def _may_change_user(user: int) -> bool:
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def _memory_of(plan: Plan, number: int) -> int:
    """Return what the guests of a slot may usually use."""
    if number == plan.slots:
        return LINTER_MEMORY_BYTES
    return EXAMINER_MEMORY_BYTES if number < plan.examiner_slots else DEFAULT_LIMITS.memory_bytes


def _groups(plan: Plan, layers: Layers, count: int) -> list[cgroup.SlotGroup | None]:
    try:
        groups: list[cgroup.SlotGroup | None] = [
            cgroup.slot_group(
                f"{plan.name}-{number}",
                memory_bytes=_memory_of(plan, number) + _GROUP_MEMORY_MARGIN_BYTES,
                task_count=_GROUP_TASKS,
            )
            for number in range(count)
        ]
    except OSError as refused:
        layers.missing["cgroup"] = str(refused)
        return [None] * count
    layers.applied.append("cgroup")
    return groups


def _slot_users(plan: Plan, layers: Layers, count: int) -> list[int | None]:
    first = _FIRST_USER + plan.index * count % _USERS
    if os.geteuid() != 0 or "user" in layers.applied or not _may_change_user(first):
        layers.missing["users"] = "the server may not change its user"
        return [None] * count
    layers.applied.append("users")
    return [first + number for number in range(count)]


def _slots(plan: Plan, readable: list[str], layers: Layers, count: int) -> list[Slot]:
    users = _slot_users(plan, layers, count)
    if "mount" in layers.applied:
        folders = namespaces.build_root([*readable, plan.linter], users)
    else:
        folders = tuple(f"{plan.scratch_root}/{plan.name}-{number}" for number in range(count))
        for folder, user in zip(folders, users, strict=True):
            os.makedirs(folder, mode=0o700)
            if user is not None:
                os.chown(folder, user, user)
    mounted = plan.is_contained or "mount" in layers.applied
    return [
        Slot(scratch=folder, mounted=mounted, user=user, memory_bytes=_memory_of(plan, number))
        for number, (folder, user) in enumerate(zip(folders, users, strict=True))
    ]


def _landlock(plan: Plan, readable: list[str], layers: Layers) -> None:
    rules = guest_rules(readable)
    try:
        for slot in layers.slots:
            slot.ruleset = landlock.ruleset([*rules, (slot.scratch, landlock.SCRATCH)])
        run = landlock.READ | landlock.EXECUTE
        folders = [(path, run) for path in readable]
        layers.linter_ruleset = landlock.ruleset([*rules, *folders, (plan.linter, run)])
    except OSError as refused:
        layers.missing["landlock"] = str(refused)
        return
    layers.applied.append("landlock")


def _seccomp(layers: Layers) -> None:
    try:
        architecture = machine()
        guest = seccomp.Filter(seccomp.guest_filter(architecture))
        linter = seccomp.Filter(seccomp.guest_filter(architecture, may_execute=True))
        seccomp.Filter(seccomp.server_filter(architecture)).install(os.getpid())
    except (OSError, UnsupportedMachine) as refused:
        layers.missing["seccomp"] = str(refused)
        return
    layers.guest_filter, layers.linter_filter = guest, linter
    layers.applied.append("seccomp")


def _proc(layers: Layers) -> int | None:
    """Return a descriptor of the /proc that shows the guests to come."""
    try:
        if "pid" in layers.applied:
            namespaces.mount_proc()
        return os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as refused:
        layers.missing["threads"] = str(refused)
        return None


def _threads(layers: Layers, proc: int | None) -> None:
    if proc is None:
        return
    try:
        layers.gate = threads.Gate(proc, machine())
    except (OSError, UnsupportedMachine) as refused:
        layers.missing["threads"] = str(refused)
        return
    layers.applied.append("threads")


def enter(plan: Plan) -> Layers:
    """Apply the layers to the calling process; it may come back as a child of itself.

    With a PID namespace the caller goes on as process 1 of it, while its parent only waits.
    """
    layers = Layers(applied=["process", "rlimits", "no_new_privs"], missing={}, slots=[])
    count = plan.slots + 1
    readable = readable_paths()
    layers.mapped_bytes = rlimits.mapped_bytes()
    groups = _groups(plan, layers, count)
    entered: tuple[str, ...] = ()
    if not plan.is_contained:
        entered, refused = namespaces.enter()
        layers.applied += entered
        layers.missing |= refused
    if "pid" in entered:
        _become_first_process()
        namespaces.keep_mounts_private()
    proc = _proc(layers)
    layers.slots = _slots(plan, readable, layers, count)
    for slot, group in zip(layers.slots, groups, strict=True):
        slot.group = group
    _landlock(plan, readable, layers)
    rlimits.apply_fixed()
    libc.prctl(libc.PR_SET_DUMPABLE, 0)
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    _seccomp(layers)
    _threads(layers, proc)
    return layers


def _become_first_process() -> None:
    child = os.fork()
    if child == 0:
        libc.prctl(libc.PR_SET_PDEATHSIG, 9)
        return
    os.closerange(0, 65536)
    os.waitpid(child, 0)
    os._exit(0)
