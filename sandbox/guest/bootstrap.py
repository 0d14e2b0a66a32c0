"""A guest from its fork to its end: confined first, then one job, then gone."""

import os
import random
import signal
import sys
from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct

from sandbox.guest import analyst, candidate, examiner, program
from sandbox.guest.control import Control
from sandbox.guest.wire import Channel, Closed
from sandbox.isolation import landlock, libc, rlimits, seccomp
from sandbox.isolation.cgroup import SlotGroup
from sandbox.limits import MIB, Limits

READY: Final = "ready"
CHANNEL: Final = 3
"""Descriptor of a guest's line to the supervisor, after the standard streams."""
_DESCRIPTORS_END: Final = 65536
_RECURSION_LIMIT: Final = 1000
_OWN_FRAMES: Final = 12
"""Python frames of ours below a submission's own."""
_EXAMINER_RECURSION_LIMIT: Final = 5000
_EXAMINER_GRANT: Final = rlimits.granted(Limits(memory_bytes=512 * MIB, cpu_s=60))
"""What guests get that hold no submission: examiner and analyst."""


class Confinement(Struct, frozen=True, kw_only=True):
    """What a guest of one slot gives up, prepared by the fork server.

    None stands for a layer that this machine does not allow.
    """

    user: int | None
    group: SlotGroup | None
    ruleset: int | None
    filter: seccomp.Filter | None
    scratch: str
    task_budget: int
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


def _limited(job: dict[str, Any], confinement: Confinement) -> None:
    rlimits.apply(
        job.get("granted", _EXAMINER_GRANT),
        mapped_at_start_bytes=confinement.mapped_at_start_bytes,
        task_budget=confinement.task_budget,
    )


def _play(control: Control, job: dict[str, Any], descriptors: list[int]) -> int:
    random.seed(job.get("seed", 0))
    role = job["role"]
    if role == "examiner":
        sys.setrecursionlimit(_EXAMINER_RECURSION_LIMIT)
        examiner.examine(control, job, descriptors)
    elif role == "analyst":
        control.send(["analysis", analyst.analyse(candidate.source_text(job))])
    elif role == "candidate":
        sys.setrecursionlimit(_RECURSION_LIMIT + _OWN_FRAMES)
        candidate.examine(Channel(control.detach(), job["frame_bytes"]), job)
    elif role == "program":
        return program.run(job)
    return 0


def live(confinement: Confinement, descriptors: list[int], rehearse: Callable[[], None]) -> None:
    """Be a guest whose standard streams and line to the supervisor are `descriptors`.

    Never returns.
    """
    status = 1
    try:
        for number, one in enumerate(descriptors):
            os.dup2(one, number)
        control = Control(CHANNEL)
        try:
            confine(confinement)
        except OSError as refused:
            control.send(["unconfined", str(refused)])
            return
        os.closerange(CHANNEL + 1, _DESCRIPTORS_END)
        rehearse()
        control.send([READY])
        job, passed = control.receive()
        _limited(job, confinement)
        status = _play(control, job, passed)
    except Closed:
        status = 0
    finally:
        candidate.flush_output()
        os._exit(status)
