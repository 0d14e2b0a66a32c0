"""Spot checks against asm/unistd_64.h and asm-generic/unistd.h of Linux 6.1."""

import pytest

from sandbox.isolation.syscalls import (
    ALLOWED,
    AUDIT_ARCH,
    SETUP_ONLY,
    Number,
    UnsupportedMachine,
    machine,
    number,
    numbers,
)

X86_64 = {
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "mmap": 9, "mprotect": 10, "brk": 12,
    "rt_sigaction": 13, "ioctl": 16, "pipe": 22, "select": 23, "mremap": 25, "dup2": 33,
    "getpid": 39, "sendmsg": 46, "socketpair": 53, "clone": 56, "fork": 57, "vfork": 58,
    "execve": 59, "exit": 60, "wait4": 61, "kill": 62, "fcntl": 72, "getcwd": 79, "chdir": 80,
    "mkdir": 83, "unlink": 87, "setresuid": 117, "prctl": 157, "arch_prctl": 158, "gettid": 186,
    "futex": 202, "getdents64": 217, "clock_gettime": 228, "exit_group": 231, "tgkill": 234,
    "openat": 257, "newfstatat": 262, "prlimit64": 302, "seccomp": 317, "getrandom": 318,
    "statx": 332, "rseq": 334, "close_range": 436, "faccessat2": 439, "landlock_restrict_self": 446,
}  # fmt: skip
AARCH64 = {
    "getcwd": 17, "dup": 23, "dup3": 24, "fcntl": 25, "ioctl": 29, "mkdirat": 34, "unlinkat": 35,
    "chdir": 49, "openat": 56, "close": 57, "pipe2": 59, "getdents64": 61, "lseek": 62, "read": 63,
    "write": 64, "readv": 65, "writev": 66, "pselect6": 72, "ppoll": 73, "newfstatat": 79,
    "fstat": 80, "exit": 93, "exit_group": 94, "futex": 98, "nanosleep": 101, "clock_gettime": 113,
    "kill": 129, "tgkill": 131, "rt_sigaction": 134, "rt_sigreturn": 139, "setresuid": 147,
    "prctl": 167, "getpid": 172, "gettid": 178, "socketpair": 199, "sendmsg": 211, "brk": 214,
    "munmap": 215, "clone": 220, "execve": 221, "mmap": 222, "mprotect": 226, "wait4": 260,
    "prlimit64": 261, "seccomp": 277, "getrandom": 278, "statx": 291, "rseq": 293,
    "close_range": 436, "faccessat2": 439, "landlock_restrict_self": 446,
}  # fmt: skip
NEVER = (
    "accept accept4 acct add_key adjtimex bind bpf chown chroot clock_settime clone3 connect "
    "delete_module execveat fanotify_init finit_module fsconfig fsmount fsopen init_module "
    "inotify_init io_setup io_uring_enter io_uring_register io_uring_setup ioperm iopl kcmp "
    "kexec_load keyctl landlock_add_rule landlock_create_ruleset lchown listen mbind memfd_create "
    "mknod mknodat mount mount_setattr move_mount mq_open msgget msgsnd name_to_handle_at "
    "open_by_handle_at open_tree perf_event_open personality pidfd_getfd pidfd_send_signal "
    "pivot_root pkey_alloc process_madvise process_vm_readv process_vm_writev ptrace quotactl "
    "reboot request_key rt_sigqueueinfo rt_tgsigqueueinfo sched_setaffinity sched_setattr "
    "sched_setparam sched_setscheduler semget setdomainname setfsuid setgid sethostname setns "
    "setpgid setpriority setregid setreuid setsid settimeofday setuid shmat shmget socket swapoff "
    "swapon sync syslog tee timer_create tkill umount2 unshare userfaultfd ustat vhangup vmsplice"
).split()


@pytest.mark.parametrize(("name", "known"), X86_64.items())
def test_x86_64_numbers(name: str, known: int) -> None:
    assert ALLOWED[name].x86_64 == known


@pytest.mark.parametrize(("name", "known"), AARCH64.items())
def test_aarch64_numbers(name: str, known: int) -> None:
    assert ALLOWED[name].aarch64 == known


@pytest.mark.parametrize("name", NEVER)
def test_a_way_out_is_not_listed(name: str) -> None:
    assert name not in ALLOWED


@pytest.mark.parametrize("architecture", AUDIT_ARCH)
def test_a_number_is_listed_once(architecture: str) -> None:
    every = [getattr(one, architecture) for one in ALLOWED.values()]
    present = [one for one in every if one is not None]

    assert len(set(present)) == len(present)
    assert numbers(ALLOWED, architecture) == sorted(present)


def test_what_guests_lose_is_what_the_fork_server_had() -> None:
    assert set(ALLOWED) >= SETUP_ONLY


def test_a_call_an_architecture_lacks_is_refused_by_name() -> None:
    assert number(Number(1, None), "x86_64") == 1
    with pytest.raises(UnsupportedMachine, match="aarch64 has no such system call"):
        number(Number(1, None), "aarch64")


def test_this_machine_is_known() -> None:
    assert machine() in AUDIT_ARCH
