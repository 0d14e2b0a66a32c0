"""System call numbers for x86-64 and arm64, and what guests may call.

Source: Linux 6.1 headers, asm/unistd_64.h (x86-64) and asm-generic/unistd.h (arm64). A call that
an architecture does not have is None.
"""

import functools
import platform
from typing import Final, NamedTuple


class Number(NamedTuple):
    """One system call's number on each architecture."""

    x86_64: int | None
    aarch64: int | None


AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""Source: linux/audit.h, AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64."""

ALLOWED: Final[dict[str, Number]] = {
    "read": Number(0, 63),
    "write": Number(1, 64),
    "readv": Number(19, 65),
    "writev": Number(20, 66),
    "pread64": Number(17, 67),
    "pwrite64": Number(18, 68),
    "lseek": Number(8, 62),
    "close": Number(3, 57),
    "close_range": Number(436, 436),
    "fstat": Number(5, 80),
    "stat": Number(4, None),
    "lstat": Number(6, None),
    "newfstatat": Number(262, 79),
    "statx": Number(332, 291),
    "access": Number(21, None),
    "faccessat": Number(269, 48),
    "faccessat2": Number(439, 439),
    "open": Number(2, None),
    "openat": Number(257, 56),
    "readlink": Number(89, None),
    "readlinkat": Number(267, 78),
    "getdents64": Number(217, 61),
    "getcwd": Number(79, 17),
    "chdir": Number(80, 49),
    "fchdir": Number(81, 50),
    "mkdir": Number(83, None),
    "mkdirat": Number(258, 34),
    "rmdir": Number(84, None),
    "unlink": Number(87, None),
    "unlinkat": Number(263, 35),
    "rename": Number(82, None),
    "renameat": Number(264, 38),
    "renameat2": Number(316, 276),
    "link": Number(86, None),
    "linkat": Number(265, 37),
    "symlink": Number(88, None),
    "symlinkat": Number(266, 36),
    "chmod": Number(90, None),
    "fchmod": Number(91, 52),
    "fchmodat": Number(268, 53),
    "utimensat": Number(280, 88),
    "truncate": Number(76, 45),
    "ftruncate": Number(77, 46),
    "fallocate": Number(285, 47),
    "fsync": Number(74, 82),
    "fdatasync": Number(75, 83),
    "umask": Number(95, 166),
    "statfs": Number(137, 43),
    "fstatfs": Number(138, 44),
    "fcntl": Number(72, 25),
    "flock": Number(73, 32),
    "ioctl": Number(16, 29),
    "dup": Number(32, 23),
    "dup2": Number(33, None),
    "dup3": Number(292, 24),
    "pipe": Number(22, None),
    "pipe2": Number(293, 59),
    "poll": Number(7, None),
    "ppoll": Number(271, 73),
    "select": Number(23, None),
    "pselect6": Number(270, 72),
    "epoll_create1": Number(291, 20),
    "epoll_ctl": Number(233, 21),
    "epoll_wait": Number(232, None),
    "epoll_pwait": Number(281, 22),
    "eventfd2": Number(290, 19),
    "socketpair": Number(53, 199),
    "sendto": Number(44, 206),
    "recvfrom": Number(45, 207),
    "sendmsg": Number(46, 211),
    "recvmsg": Number(47, 212),
    "shutdown": Number(48, 210),
    "getsockopt": Number(55, 209),
    "setsockopt": Number(54, 208),
    "getsockname": Number(51, 204),
    "getpeername": Number(52, 205),
    "mmap": Number(9, 222),
    "munmap": Number(11, 215),
    "mprotect": Number(10, 226),
    "mremap": Number(25, 216),
    "madvise": Number(28, 233),
    "brk": Number(12, 214),
    "msync": Number(26, 227),
    "mincore": Number(27, 232),
    "rt_sigaction": Number(13, 134),
    "rt_sigprocmask": Number(14, 135),
    "rt_sigreturn": Number(15, 139),
    "rt_sigsuspend": Number(130, 133),
    "rt_sigtimedwait": Number(128, 137),
    "rt_sigpending": Number(127, 136),
    "sigaltstack": Number(131, 132),
    "pause": Number(34, None),
    "alarm": Number(37, None),
    "setitimer": Number(38, 103),
    "getitimer": Number(36, 102),
    "kill": Number(62, 129),
    "tgkill": Number(234, 131),
    "pidfd_open": Number(434, 434),
    "getpid": Number(39, 172),
    "gettid": Number(186, 178),
    "getppid": Number(110, 173),
    "getuid": Number(102, 174),
    "geteuid": Number(107, 175),
    "getgid": Number(104, 176),
    "getegid": Number(108, 177),
    "getgroups": Number(115, 158),
    "getresuid": Number(118, 148),
    "getresgid": Number(120, 150),
    "setresuid": Number(117, 147),
    "setresgid": Number(119, 149),
    "setgroups": Number(116, 159),
    "capset": Number(126, 91),
    "capget": Number(125, 90),
    "getpgid": Number(121, 155),
    "getpgrp": Number(111, None),
    "getsid": Number(124, 156),
    "getpriority": Number(140, 141),
    "set_tid_address": Number(218, 96),
    "set_robust_list": Number(273, 99),
    "get_robust_list": Number(274, 100),
    "rseq": Number(334, 293),
    "futex": Number(202, 98),
    "sched_yield": Number(24, 124),
    "sched_getaffinity": Number(204, 123),
    "sched_getparam": Number(143, 121),
    "sched_getscheduler": Number(145, 120),
    "sched_get_priority_max": Number(146, 125),
    "sched_get_priority_min": Number(147, 126),
    "clone": Number(56, 220),
    "fork": Number(57, None),
    "vfork": Number(58, None),
    "exit": Number(60, 93),
    "exit_group": Number(231, 94),
    "wait4": Number(61, 260),
    "waitid": Number(247, 95),
    "prctl": Number(157, 167),
    "arch_prctl": Number(158, None),
    "prlimit64": Number(302, 261),
    "getrlimit": Number(97, 163),
    "setrlimit": Number(160, 164),
    "getrusage": Number(98, 165),
    "times": Number(100, 153),
    "sysinfo": Number(99, 179),
    "uname": Number(63, 160),
    "clock_gettime": Number(228, 113),
    "clock_getres": Number(229, 114),
    "clock_nanosleep": Number(230, 115),
    "nanosleep": Number(35, 101),
    "gettimeofday": Number(96, 169),
    "time": Number(201, None),
    "getrandom": Number(318, 278),
    "landlock_restrict_self": Number(446, 446),
    "seccomp": Number(317, 277),
    "execve": Number(59, 221),
    "membarrier": Number(324, 283),
    "restart_syscall": Number(219, 128),
    "copy_file_range": Number(326, 285),
    "sendfile": Number(40, 71),
    "splice": Number(275, 76),
    "getcpu": Number(309, 168),
}
"""Everything the fork server and its guests may call; all else answers EPERM."""

SETUP_ONLY: Final = frozenset(
    {
        "capget",
        "capset",
        "chmod",
        "execve",
        "fchmod",
        "fchmodat",
        "fork",
        "landlock_restrict_self",
        "pidfd_open",
        "seccomp",
        "sendmsg",
        "setgroups",
        "setresgid",
        "setresuid",
        "utimensat",
        "vfork",
    }
)
"""Calls of the fork server that a confined guest has lost.

chmod and its kin, and setting times, are among them because Landlock does not govern them.
"""

CLONE3: Final = Number(435, 435)
UNSHARE: Final = Number(272, 97)
PIVOT_ROOT: Final = Number(155, 41)
LANDLOCK_CREATE_RULESET: Final = Number(444, 444)
LANDLOCK_ADD_RULE: Final = Number(445, 445)


class UnsupportedMachine(Exception):
    """This processor has no system call table here."""


@functools.cache
def machine() -> str:
    """Return the architecture's key in the tables.

    Raises:
        UnsupportedMachine: If there is no table for it.
    """
    name = platform.machine()
    if name not in AUDIT_ARCH:
        raise UnsupportedMachine(f"no system call table for {name}; x86_64 and aarch64 are known")
    return name


def number(call: Number, architecture: str) -> int:
    """Return the number of a call that exists on `architecture`."""
    found: int | None = getattr(call, architecture)
    if found is None:
        raise UnsupportedMachine(f"{architecture} has no such system call")
    return found


def numbers(names: frozenset[str] | dict[str, Number], architecture: str) -> list[int]:
    """Return the sorted numbers of `names` that exist on `architecture`."""
    found = (getattr(ALLOWED[name], architecture) for name in names)
    return sorted(number for number in found if number is not None)
