import errno
import signal
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.isolation.seccomp import Filter, guest_filter, server_filter, thread_filter
from sandbox.isolation.syscalls import ALLOWED, AUDIT_ARCH, CLONE3, SETUP_ONLY, numbers
from tests.unit.sandbox.bpf import Call, answer, instructions

ALLOW: Final = 0x7FFF0000
EPERM: Final = 0x00050000 | errno.EPERM
ENOSYS: Final = 0x00050000 | errno.ENOSYS
ASK: Final = 0x7FC00000
ARCHITECTURES: Final = tuple(AUDIT_ARCH)
OWN_PID: Final = 0x7FFFFFF1
"""What stands for the guest's own id before a filter is installed."""
JUDGED_BY_ARGUMENT: Final = {"clone", "kill", "tgkill", "prlimit64", "socketpair", "prctl"}
PTHREAD_FLAGS: Final = 0x3D0F00
CLONE_THREAD: Final = 0x10000

both = pytest.mark.parametrize("architecture", ARCHITECTURES)


def call(architecture: str, name: str, *args: int) -> Call:
    number = getattr(ALLOWED[name], architecture)
    return Call(number, AUDIT_ARCH[architecture], args)


def has(architecture: str, name: str) -> bool:
    return getattr(ALLOWED[name], architecture) is not None


@both
@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_a_listed_call_is_allowed_and_set_up_is_lost_to_guests(
    architecture: str, name: str
) -> None:
    if not has(architecture, name):
        assert architecture == "aarch64"  # which came without the old calls
        return
    made = call(architecture, name)
    in_guest = EPERM if name in SETUP_ONLY else ALLOW

    assert answer(server_filter(architecture), made) == ALLOW
    if name not in JUDGED_BY_ARGUMENT:
        assert answer(guest_filter(architecture), made) == in_guest


@both
def test_any_number_that_is_not_listed_is_refused(architecture: str) -> None:
    program = server_filter(architecture)
    listed = {*numbers(ALLOWED, architecture), CLONE3.x86_64}

    for number in range(1000):
        if number not in listed:
            assert answer(program, Call(number, AUDIT_ARCH[architecture])) == EPERM


@both
@given(number=st.integers(0, 2**31 - 1))
def test_no_number_is_allowed_that_is_not_listed(architecture: str, number: int) -> None:
    allowed = number in numbers(ALLOWED, architecture)

    found = answer(server_filter(architecture), Call(number, AUDIT_ARCH[architecture]))

    assert (found == ALLOW) == allowed


@both
def test_clone3_is_said_to_be_missing_so_that_the_c_library_takes_clone(architecture: str) -> None:
    number = getattr(CLONE3, architecture)

    assert answer(server_filter(architecture), Call(number, AUDIT_ARCH[architecture])) == ENOSYS


@both
def test_the_x32_table_is_closed(architecture: str) -> None:
    for number in numbers(ALLOWED, architecture):
        made = Call(number | 0x40000000, AUDIT_ARCH[architecture])
        assert answer(server_filter(architecture), made) == EPERM


@both
@given(foreign=st.integers(0, 2**32 - 1), number=st.integers(0, 450))
def test_another_architectures_calls_are_refused(
    architecture: str, foreign: int, number: int
) -> None:
    if foreign != AUDIT_ARCH[architecture]:
        assert answer(server_filter(architecture), Call(number, foreign)) == EPERM


@both
@pytest.mark.parametrize(
    ("flags", "found"),
    [
        (PTHREAD_FLAGS, ALLOW),
        (CLONE_THREAD, ALLOW),
        (signal.SIGCHLD, EPERM),
        (0x01200011, EPERM),  # what fork asks for
        (0x4100 | signal.SIGCHLD, EPERM),  # what vfork and posix_spawn ask for
        (PTHREAD_FLAGS & ~CLONE_THREAD, EPERM),
        (0, EPERM),
        *((PTHREAD_FLAGS | flag, EPERM) for flag in (0x80, 0x20000, 0x2000000, 0x4000000)),
        *((PTHREAD_FLAGS | flag, EPERM) for flag in (0x8000000, 0x10000000, 0x20000000)),
        (PTHREAD_FLAGS | 0x40000000, EPERM),
    ],
)
def test_clone_makes_threads_only(architecture: str, flags: int, found: int) -> None:
    made = call(architecture, "clone", flags, 0, 0, 0, 0)

    assert answer(guest_filter(architecture), made) == found
    assert answer(server_filter(architecture), made) == ALLOW


@both
@pytest.mark.parametrize("name", ["kill", "tgkill"])
def test_a_guest_signals_itself_alone(architecture: str, name: str) -> None:
    program = guest_filter(architecture)

    assert answer(program, call(architecture, name, OWN_PID, 9)) == ALLOW
    for other in (0, 1, -1, 2, OWN_PID + 1, -OWN_PID, 2**32 - 1):
        assert answer(program, call(architecture, name, other, 9)) == EPERM


@both
def test_a_guest_has_the_kernel_signal_nobody_for_it(architecture: str) -> None:
    program = guest_filter(architecture)

    for command in (8, 10, 15):  # F_SETOWN, F_SETSIG, F_SETOWN_EX
        assert answer(program, call(architecture, "fcntl", 5, command, OWN_PID + 1)) == EPERM
    for request in (0x8901, 0x8902, 0x5452):  # FIOSETOWN, SIOCSPGRP, FIOASYNC
        assert answer(program, call(architecture, "ioctl", 5, request)) == EPERM
    for command in (0, 1, 2, 3, 4, 5, 6, 7, 1024, 1030):
        assert answer(program, call(architecture, "fcntl", 5, command)) == ALLOW
    for request in (0x5401, 0x5421, 0x541B):  # TCGETS, FIONBIO, FIONREAD
        assert answer(program, call(architecture, "ioctl", 5, request)) == ALLOW


@both
def test_a_guest_sets_its_own_limits_alone(architecture: str) -> None:
    program = guest_filter(architecture)

    assert answer(program, call(architecture, "prlimit64", 0, 7)) == ALLOW
    for other in (1, OWN_PID, 2**31):
        assert answer(program, call(architecture, "prlimit64", other, 7)) == EPERM


@both
@pytest.mark.parametrize(
    ("family", "kind", "found"),
    [
        (1, 1, ALLOW),
        (1, 1 | 0x80000 | 0x800, ALLOW),  # with SOCK_CLOEXEC and SOCK_NONBLOCK
        (1, 2, EPERM),
        (1, 5, EPERM),
        (2, 1, EPERM),
        (16, 3, EPERM),
        (0, 1, EPERM),
    ],
)
def test_a_guest_makes_unix_stream_pairs_only(
    architecture: str, family: int, kind: int, found: int
) -> None:
    made = call(architecture, "socketpair", family, kind, 0)

    assert answer(guest_filter(architecture), made) == found


@both
def test_a_guest_can_not_change_what_it_is(architecture: str) -> None:
    for option in (1, 4, 22, 38, 35):
        assert answer(guest_filter(architecture), call(architecture, "prctl", option)) == EPERM


@both
def test_the_linter_may_be_executed_and_nothing_else_is_given_back(architecture: str) -> None:
    linter = guest_filter(architecture, may_execute=True)
    guest = guest_filter(architecture)

    for name in ALLOWED:
        if not has(architecture, name):
            continue
        made = call(architecture, name)
        expected = ALLOW if name == "execve" else answer(guest, made)
        assert answer(linter, made) == expected


@both
def test_every_jump_lands_inside_the_program(architecture: str) -> None:
    for program in (server_filter(architecture), guest_filter(architecture)):
        steps = instructions(program)
        assert len(steps) < 4096  # Source: linux/bpf_common.h, BPF_MAXINSNS
        for at, step in enumerate(steps[:-1]):
            assert at + 1 + max(step.then, step.otherwise) < len(steps)
        assert steps[-1].code == 0x06


def test_no_other_number_of_a_filter_is_taken_for_the_process_id() -> None:
    for architecture in ARCHITECTURES:
        found = guest_filter(architecture).count(OWN_PID.to_bytes(4, "little"))
        assert found == 2
        assert OWN_PID.to_bytes(4, "little") not in server_filter(architecture)


def test_a_filter_names_the_process_it_is_installed_for() -> None:
    made = Filter(guest_filter("x86_64"))
    made.name_process(4242)

    assert answer(made.program, call("x86_64", "kill", 4242, 9)) == ALLOW
    assert answer(made.program, call("x86_64", "kill", OWN_PID, 9)) == EPERM
    made.name_process(4243)
    assert answer(made.program, call("x86_64", "kill", 4242, 9)) == EPERM


@both
def test_the_fork_server_is_asked_before_a_thread_is_made_and_about_nothing_else(
    architecture: str,
) -> None:
    program = thread_filter(architecture)

    assert answer(program, call(architecture, "clone", PTHREAD_FLAGS)) == ASK
    assert answer(program, call(architecture, "clone", signal.SIGCHLD)) == ALLOW
    for name in ALLOWED:
        if has(architecture, name) and name != "clone":
            assert answer(program, call(architecture, name, CLONE_THREAD)) == ALLOW


def test_asking_gives_way_to_a_refusal_and_to_nothing_else() -> None:
    # Source: linux/seccomp.h: of several filters the lowest action wins
    assert EPERM < ENOSYS < ASK < ALLOW
