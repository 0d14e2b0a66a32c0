"""What a guest gives up before it hears of its job."""

import os
import signal

from msgspec import Struct

from sandbox.isolation import landlock, libc, seccomp
from sandbox.isolation.cgroup import SlotGroup


class Confinement(Struct, frozen=True, kw_only=True):
    """What a guest of one slot gives up, prepared by the fork server.

    None stands for a layer that this machine does not allow.
    """

    user: int | None
    group: SlotGroup | None
    ruleset: int | None
    filter: seccomp.Filter | None
    scratch: str
    mapped_at_start_bytes: int


def confine(confinement: Confinement) -> None:
    """Apply every layer to the calling process, outermost first."""
    if confinement.group is not None:
        confinement.group.enter()
    if confinement.user is not None:
        os.setgroups([])
        os.setresgid(confinement.user, confinement.user, confinement.user)
        os.setresuid(confinement.user, confinement.user, confinement.user)
    libc.drop_capabilities()
    libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(libc.PR_SET_DUMPABLE, 0)
    os.chdir(confinement.scratch)
    if confinement.ruleset is not None:
        landlock.restrict(confinement.ruleset)
    if confinement.filter is not None:
        confinement.filter.install(os.getpid())
