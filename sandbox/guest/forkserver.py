"""The fork server: a process that forks and confines guests before their jobs arrive.

Theory of operation. The supervisor starts `forkserver_main.py` with an empty environment and a
socket as descriptor 3. After applying the layers the fork server says hello, then keeps every slot
filled: each guest is announced with three descriptors (its line, its stdout, its stderr), which
belong to the supervisor from then on. `kill` ends guests; every end, asked for or not, is
told as `gone` with what the kernel measured, and the slot is filled anew. When the supervisor goes
away so does this process, and every guest with it. The linter runs in the last slot, forked when it
is asked for.
"""

import os
import select
import signal
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple, Never

import msgspec

from sandbox.guest import bootstrap, linter, warming
from sandbox.guest.confinement import Confinement
from sandbox.guest.orders import (
    ORDER,
    Forked,
    Gone,
    Hello,
    Kill,
    Limit,
    Lint,
    News,
    Order,
)
from sandbox.isolation import layers, libc, scratch
from sandbox.limits import KIB

_MESSAGE_BYTES: Final = 4096
_CHECK_MS: Final = 50
"""How long scratch folders without a size of their own, and empty slots too few to fill, wait."""
_FORKED_TOGETHER: Final = 3
"""Empty slots are filled by threes: the pages a fork protects are faulted in once for all."""


class _Birth(NamedTuple):
    """What the guest of a slot is to get: both ends of its line and of its two streams."""

    slot: int
    ours: socket.socket
    theirs: socket.socket
    out: tuple[int, int]
    err: tuple[int, int]


class ForkServer:
    """Keeps the slots of one supervisor filled.

    Args:
        control: Descriptor of the socket to the supervisor, SOCK_SEQPACKET.
    """

    def __init__(self, control: int, plan: layers.Plan) -> None:
        self._control = socket.socket(fileno=control)
        self._plan = plan
        self._layers = layers.enter(plan)
        self._null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
        self._slot_of: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        """For each guest's process id the descriptor that tells its end."""
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        gate = self._layers.gate
        self._gate = -1 if gate is None else gate.descriptor
        if gate is not None:
            self._poll.register(gate.descriptor, select.POLLIN)
        self._is_unmounted = not all(slot.mounted for slot in self._layers.slots)
        self._empty: list[int] = []
        """Slots to be filled."""
        self._empty_since_s = 0.0
        self._killed: set[int] = set()
        self._over_scratch: set[int] = set()
        self._kills = [
            slot.group.kill_count() if slot.group is not None else 0 for slot in self._layers.slots
        ]

    def serve(self) -> None:
        """Serve until the supervisor is gone."""
        self._send(Hello(tuple(self._layers.applied), self._layers.missing))
        for slot in range(self._plan.slots):
            self._fork([slot])
        while self._turn():
            pass
        for pid in self._slot_of:
            os.kill(pid, signal.SIGKILL)
        for pid in self._slot_of:
            os.waitpid(pid, 0)  # or it could be seen for a moment after its server has closed

    def _turn(self) -> bool:
        waits = self._is_unmounted or bool(self._empty)
        for descriptor, _ in self._poll.poll(_CHECK_MS if waits else None):
            if descriptor == self._control.fileno():
                message = self._heard()
                if not message:
                    return False
                self._obey(ORDER.decode(message))
            elif descriptor == self._gate:
                self._decide()
        self._reap()
        self._fill()
        if self._is_unmounted:
            self._check_scratch()
        return True

    def _decide(self) -> None:
        if self._layers.gate is not None:
            self._layers.gate.decide(self._threads_of)

    def _threads_of(self, pid: int) -> int:
        slot = self._slot_of.get(pid)
        return 0 if slot is None else self._layers.slots[slot].threads

    def _heard(self) -> bytes:
        try:
            return self._control.recv(_MESSAGE_BYTES)
        except ConnectionResetError:
            return b""

    def _obey(self, order: Order) -> None:
        match order:
            case Kill(pids=pids):
                for pid in self._slot_of.keys() & set(pids):
                    self._killed.add(pid)
                    os.kill(pid, signal.SIGKILL)
            case Limit(slot=slot, memory_bytes=memory_bytes, threads=threads):
                self._layers.slots[slot].limit(memory_bytes, threads)
            case Lint():
                self._fork([self._plan.slots])

    def _reap(self) -> None:
        while self._slot_of:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            slot = self._slot_of.pop(pid)
            self._forget_end(pid)
            gone = Gone(
                pid=pid,
                status=os.waitstatus_to_exitcode(status),
                cpu_s=usage.ru_utime + usage.ru_stime,
                peak_memory_bytes=usage.ru_maxrss * KIB,
                killed=pid in self._killed,
                out_of_memory=self._was_oom(slot),
                over_scratch=slot in self._over_scratch,
            )
            self._killed.discard(pid)
            self._over_scratch.discard(slot)
            self._layers.slots[slot].forget_limits()
            self._send(gone)
            if slot < self._plan.slots:
                self._empty_since_s = self._empty_since_s if self._empty else time.monotonic()
                self._empty.append(slot)

    def _fill(self) -> None:
        waited_ms = (time.monotonic() - self._empty_since_s) * 1000
        if len(self._empty) >= _FORKED_TOGETHER or (self._empty and waited_ms >= _CHECK_MS):
            self._fork(self._empty)
            self._empty = []

    def _forget_end(self, pid: int) -> None:
        descriptor = self._ends.pop(pid)
        self._poll.unregister(descriptor)
        os.close(descriptor)

    def _was_oom(self, slot: int) -> bool:
        group = self._layers.slots[slot].group
        if group is None:
            return False
        before, self._kills[slot] = self._kills[slot], group.kill_count()
        return self._kills[slot] > before

    def _fork(self, slots: Sequence[int]) -> None:
        births = [self._birth(slot) for slot in slots]
        pids = []
        for birth in births:
            pids.append(libc.fork())
            if pids[-1] == 0:
                self._become(birth)
        for birth, pid in zip(births, pids, strict=True):
            self._announce(birth, pid)

    def _birth(self, slot: int) -> _Birth:
        scratch.empty(self._layers.slots[slot].scratch)
        ours, theirs = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        return _Birth(slot, ours, theirs, os.pipe2(os.O_CLOEXEC), os.pipe2(os.O_CLOEXEC))

    def _become(self, birth: _Birth) -> Never:
        slot = self._layers.slots[birth.slot]
        line, out, err = birth.theirs.fileno(), birth.out[1], birth.err[1]
        if birth.slot == self._plan.slots:
            linter.become(self._plan.linter, self._confinement(slot, lints=True), (line, out, err))
        examines = birth.slot < self._plan.examiner_slots
        rehearse = warming.rehearse_examiner if examines else warming.rehearse_candidate
        bootstrap.live(self._confinement(slot), (self._null, out, err, line), rehearse)

    def _announce(self, birth: _Birth, pid: int) -> None:
        birth.theirs.close()
        os.close(birth.out[1])
        os.close(birth.err[1])
        self._slot_of[pid] = birth.slot
        self._ends[pid] = os.pidfd_open(pid)
        self._poll.register(self._ends[pid], select.POLLIN)
        announcement = msgspec.msgpack.encode(Forked(birth.slot, pid))
        handed = [birth.ours.fileno(), birth.out[0], birth.err[0]]
        with suppress(BrokenPipeError, ConnectionResetError):
            socket.send_fds(self._control, [announcement], handed)
        birth.ours.close()
        os.close(birth.out[0])
        os.close(birth.err[0])

    def _confinement(self, slot: layers.Slot, *, lints: bool = False) -> Confinement:
        return Confinement(
            user=slot.user,
            group=slot.group,
            ruleset=self._layers.linter_ruleset if lints else slot.ruleset,
            filter=self._layers.linter_filter if lints else self._layers.guest_filter,
            scratch=slot.scratch,
            mapped_at_start_bytes=self._layers.mapped_bytes,
        )

    def _check_scratch(self) -> None:
        for pid, number in self._slot_of.items():
            if scratch.is_over(self._layers.slots[number].scratch):
                self._over_scratch.add(number)
                os.kill(pid, signal.SIGKILL)

    def _send(self, news: News) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # told by the next recv
            self._control.send(msgspec.msgpack.encode(news))
