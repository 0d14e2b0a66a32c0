"""The first process of a container: starts a fork server and carries between guest and worker.

The guest shares the container with the porter and can not reach it: seccomp refuses it signals to
others and ptrace, and the porter is not dumpable, which closes its memory and descriptors.
"""

import os
import select
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Final, Never

import msgspec

from sandbox.guest.clock import ANSWER, GONE_S, cpu_clock_s
from sandbox.guest.control import Control
from sandbox.guest.edition import edition
from sandbox.guest.orders import NEWS, ORDER, Forked, Hello, Kill, Order
from sandbox.guest.relay import CLOCK, CONTROL, LINE, STDERR, STDOUT, Relay
from sandbox.guest.wire import Closed
from sandbox.isolation import libc

_MESSAGE_BYTES: Final = 16384
_WIRE: Final = (0, 1)
_ASKED_BYTES: Final = 64
_FIRST_VICTIM: Final = b"1000"
"""Source: proc(5), oom_score_adj: who is killed first when the container's memory is used up."""
_NICE: Final = 5
"""How far a guest stands back behind the porter, within the container's share of the machine."""


def serve(run_fork_server: Callable[[int], None]) -> Never:
    """Carry for the first guest of a fork server until the worker closes the wire.

    Args:
        run_fork_server: Called in a child with the descriptor of its socket, SOCK_SEQPACKET.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        ours.close()
        with open("/proc/self/oom_score_adj", "wb") as score:
            score.write(_FIRST_VICTIM)
        os.nice(_NICE)
        run_fork_server(theirs.detach())
        os._exit(0)
    theirs.close()
    libc.prctl(libc.PR_SET_DUMPABLE, 0)
    Porter(ours).carry()


class Porter:
    """Carries for one guest.

    Args:
        fork_server: The socket to it.
    """

    def __init__(self, fork_server: socket.socket) -> None:
        self._fork_server = fork_server
        message, _, _, _ = socket.recv_fds(fork_server, _MESSAGE_BYTES, 0)
        hello = msgspec.msgpack.decode(message, type=Hello)
        message, streams, _, _ = socket.recv_fds(fork_server, _MESSAGE_BYTES, 3)
        self._guest = msgspec.msgpack.decode(message, type=Forked)
        control, control_end = socket.socketpair()
        self._clock, clock_end = socket.socketpair()
        ends = dict(zip((LINE, STDOUT, STDERR), streams, strict=True))
        ends |= {CONTROL: control_end.detach(), CLOCK: clock_end.detach()}
        self._control_descriptor = control.fileno()
        self._control = Control(control.detach())
        self._relay = Relay(_WIRE, ends, bytes)
        self._control.send(msgspec.structs.replace(hello, edition=edition()))
        self._control.send(self._guest)

    def carry(self) -> Never:
        """Carry until the wire or the fork server ends; that ends the container."""
        Thread(target=self._carry_streams, daemon=True).start()
        poll = select.poll()
        for one in (self._control_descriptor, self._clock.fileno(), self._fork_server.fileno()):
            poll.register(one, select.POLLIN)
        with suppress(Closed, OSError):
            while True:
                for descriptor, _ in poll.poll():
                    self._heed(descriptor)
        os._exit(1)

    def _carry_streams(self) -> None:
        self._relay.run()
        os._exit(0)

    def _heed(self, descriptor: int) -> None:
        if descriptor == self._control_descriptor:
            self._obey(self._control.receive(ORDER)[0])
            while self._control.hears_already():  # an order read with another wakes no poll
                self._obey(self._control.receive(ORDER)[0])
        elif descriptor == self._clock.fileno():
            for _ in self._clock.recv(_ASKED_BYTES):
                self._clock.sendall(ANSWER.pack(self._cpu_s()))
        else:
            message = self._fork_server.recv(_MESSAGE_BYTES)
            if not message:
                raise Closed
            self._control.send(NEWS.decode(message))

    def _obey(self, order: Order) -> None:
        self._fork_server.send(msgspec.msgpack.encode(order))
        if isinstance(order, Kill):
            with suppress(ProcessLookupError):  # sooner than a busy guest lets the fork server
                os.kill(self._guest.pid, signal.SIGKILL)

    def _cpu_s(self) -> float:
        try:
            return cpu_clock_s(self._guest.pid)
        except OSError:
            return GONE_S
