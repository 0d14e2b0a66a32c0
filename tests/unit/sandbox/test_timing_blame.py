"""Who is to blame when a container does not tell its clock in the middle of a timing."""

import os
import socket

import pytest

from sandbox.exam import Workload
from sandbox.guest.link import Link, Output, Silent
from sandbox.guest.timing import Bounds, _Race

WORKLOAD = Workload(
    source="def make_inputs(rng):\n    return (1,)\n",
    reference="def f(x):\n    return x\n",
    entry_point="f",
    cost_ratio=2.0,
)


class Mute(Link):
    """A candidate whose container says nothing."""

    def cpu_s(self) -> float:
        raise Silent("a container does not tell its clock")

    def receive(self) -> bytes:
        raise Silent("a container does not tell its clock")


@pytest.mark.parametrize("side", ["_play_submission", "_play_reference"])
def test_a_silent_container_is_nobodys_fault_but_ours(side: str) -> None:
    ours = []

    def link_to(_role: object, output: Output) -> Link:
        line, other = socket.socketpair()
        ours.append(other)
        return Mute([line.detach(), *os.pipe()], os.getpid(), 1 << 20, output)

    race = _Race(link_to, WORKLOAD, Bounds(5.0, 1000, 1 << 20, 20))
    with pytest.raises(Silent):
        getattr(race, side)(b"\x91\x01")
    for other in ours:
        other.close()
