"""One fork server as its supervisor sees it: takes guests, kills them, hears how they ended."""

import itertools
import os
import socket
import subprocess
import sys
import time
from collections import OrderedDict, deque
from collections.abc import Hashable, Sequence
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from sandbox.guest.clock import cpu_clock_s
from sandbox.guest.control import Control
from sandbox.guest.nodes import Malformed
from sandbox.guest.orders import (
    NEWS,
    Forked,
    Gone,
    Hello,
    Kill,
    Limit,
    Lint,
    News,
    Order,
)
from sandbox.guest.wire import Closed
from sandbox.guest.words import READY, Unconfined
from sandbox.isolation import cgroup, scratch
from sandbox.isolation.layers import Plan
from sandbox.limits import KIB, Limits
from sandbox.outcome import SandboxUnavailable

_MAIN: Final = Path(__file__).parent / "guest" / "forkserver_main.py"
GUEST_ENVIRONMENT: Final = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUTF8": "1",
    "MALLOC_ARENA_MAX": "1",  # each further one maps 64 MiB of what a guest with threads may
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
}
"""What the interpreter of guests is started with, beside the hash seed; they do not see it."""
_HELLO_S: Final = 20.0
_GUEST_S: Final = 5.0
"""How long a fork, a confinement or an end may take before the fork server counts as broken."""
_STOP_S: Final = 5.0
_MESSAGE_BYTES: Final = 16384


class Role(Enum):
    """What a guest is forked for. An analyst is a candidate that runs nothing."""

    EXAMINER = "examiner"
    CANDIDATE = "candidate"
    LINTER = "linter"


class Guest:
    """A confined process that waits for its job. Its descriptors belong to whoever takes it."""

    def __init__(self, slot: int, pid: int, descriptors: list[int]) -> None:
        self.slot = slot
        self.pid = pid
        self.descriptors = descriptors
        self.process_id = 0
        """The same process as the supervisor's own PID namespace sees it, 0 until ready."""
        self.line = Control(os.dup(descriptors[0]))

    def until_ready(self) -> None:
        """Wait until the guest has confined itself.

        Raises:
            SandboxUnavailable: If it could not.
        """
        try:
            self.process_id = self.line.sender(_GUEST_S)
            word, _ = self.line.receive(READY, _GUEST_S)
        except (Closed, Malformed, TimeoutError):
            raise SandboxUnavailable("a guest did not get ready") from None
        if isinstance(word, Unconfined):
            raise SandboxUnavailable(f"a guest could not be confined: {word.reason}")

    def usage(self) -> tuple[float, int] | None:
        """Return CPU seconds and peak resident bytes so far, None when the guest has ended."""
        try:
            with open(f"/proc/{self.process_id}/status", "rb") as status:
                text = status.read()
            peak_kib = text.partition(b"VmHWM:")[2].split(maxsplit=1)[0]
            return cpu_clock_s(self.process_id), int(peak_kib) * KIB
        except (OSError, IndexError):
            return None

    def close(self) -> None:
        """Close every descriptor; closing twice is harmless."""
        self.line.close()
        while self.descriptors:
            os.close(self.descriptors.pop())


class Examiner(NamedTuple):
    """A guest that has collected its tests: each test's name and whether it is hidden."""

    guest: Guest
    plan: list[tuple[str, bool]]


class Lane:
    """Starts a fork server and speaks with it. Used by one thread at a time.

    Raises:
        SandboxUnavailable: From every method, when the fork server is gone or does not answer.
    """

    def __init__(self, plan: Plan, *, hash_seed: int) -> None:
        self._plan = plan
        self.index = plan.index
        self._ready: dict[Role, deque[Guest]] = {role: deque() for role in Role}
        self._gone: dict[int, Gone] = {}
        self._examiners: OrderedDict[Hashable, Examiner] = OrderedDict()
        self._awaited: set[int] = set()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = ours
        packages = str(Path(msgspec.__file__).parent.parent)
        arguments = [packages, msgspec.json.encode(plan).decode(), str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-S", "-s", "-P", str(_MAIN), *arguments],
                env={**GUEST_ENVIRONMENT, "PYTHONHASHSEED": str(hash_seed)},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd="/",
            )
        self._hello: Hello | None = None
        try:
            hello = self._until_hello()
        except SandboxUnavailable:
            self.close()
            raise
        self.layers = hello.layers
        self.missing = hello.missing

    def _until_hello(self) -> Hello:
        deadline = time.monotonic() + _HELLO_S
        while self._hello is None:
            self._receive(deadline)
        return self._hello

    def _receive(self, deadline: float) -> None:
        self._control.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            message, descriptors, _, _ = socket.recv_fds(self._control, _MESSAGE_BYTES, 3)
        except TimeoutError:
            raise SandboxUnavailable("the fork server does not answer") from None
        except OSError as failed:
            raise SandboxUnavailable(f"the fork server is lost: {failed}") from failed
        if not message:
            raise SandboxUnavailable("the fork server has ended")
        self._note(NEWS.decode(message), descriptors)

    def _note(self, news: News, descriptors: Sequence[int]) -> None:
        match news:
            case Forked(slot=slot, pid=pid):
                self._ready[self._role_of(slot)].append(Guest(slot, pid, list(descriptors)))
            case Gone(pid=pid):
                if pid in self._awaited:
                    self._awaited.discard(pid)
                    self._gone[pid] = news
            case Hello():
                self._hello = news

    def _role_of(self, slot: int) -> Role:
        if slot == self._plan.slots:
            return Role.LINTER
        return Role.EXAMINER if slot < self._plan.examiner_slots else Role.CANDIDATE

    def _next_ready(self, role: Role) -> Guest:
        deadline = time.monotonic() + _GUEST_S
        while not self._ready[role]:
            self._receive(deadline)
        return self._ready[role].popleft()

    def _send(self, order: Order) -> None:
        try:
            self._control.send(msgspec.msgpack.encode(order))
        except OSError as failed:
            raise SandboxUnavailable(f"the fork server is lost: {failed}") from failed

    def take(self, role: Role) -> Guest:
        """Return a confined guest that has rehearsed its role and waits for its job."""
        guest = self._next_ready(role)
        try:
            guest.until_ready()
        except SandboxUnavailable:
            guest.close()
            raise
        self._awaited.add(guest.pid)
        return guest

    def candidate(self) -> Guest:
        """Return a confined guest that waits for the job of a candidate or a program."""
        return self.take(Role.CANDIDATE)

    def linter(self) -> Guest:
        """Return a confined linter that reads source from its line until that is shut."""
        self._send(Lint())
        guest = self._next_ready(Role.LINTER)
        self._awaited.add(guest.pid)
        return guest

    def limit(self, guest: Guest, limits: Limits) -> None:
        """Set what the guest's slot allows, until the guest has ended."""
        self._send(Limit(guest.slot, limits.memory_bytes, limits.threads))

    def kill(self, guests: Sequence[Guest]) -> None:
        """End guests; where they ended already, nothing happens."""
        self._send(Kill([guest.pid for guest in guests]))

    def discard(self, guest: Guest) -> None:
        """End a taken guest of which nothing more is to be known."""
        try:
            self.kill([guest])
        finally:
            self.forget(guest)
            guest.close()

    def examiner(self, key: Hashable) -> Examiner | None:
        """Return the examiner that has collected the tests of `key`, None where there is none."""
        found = self._examiners.get(key)
        if found is not None:
            self._examiners.move_to_end(key)
        return found

    def keep_examiner(self, key: Hashable, examiner: Examiner) -> None:
        """Keep an examiner for the next exams; the one that waited longest gives way."""
        self._examiners[key] = examiner
        if len(self._examiners) >= self._plan.examiner_slots:
            self.discard_examiner(next(iter(self._examiners)))

    def discard_examiner(self, key: Hashable) -> None:
        """End the examiner of `key`, where there is one."""
        examiner = self._examiners.pop(key, None)
        if examiner is not None:
            self.discard(examiner.guest)

    def gone(self, guest: Guest) -> Gone:
        """Wait until a taken guest has ended and say how."""
        deadline = time.monotonic() + _GUEST_S
        while guest.pid not in self._gone:
            self._receive(deadline)
        return self._gone.pop(guest.pid)

    def forget(self, guest: Guest) -> None:
        """Do not keep how a taken guest ends."""
        self._awaited.discard(guest.pid)
        self._gone.pop(guest.pid, None)

    def close(self) -> None:
        """End the fork server and all its guests, and remove what it left."""
        self._control.close()
        for guest in itertools.chain(*self._ready.values()):
            guest.close()
        for examiner in self._examiners.values():
            examiner.guest.close()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_STOP_S)
        remove_leftovers(self._plan)


def remove_leftovers(plan: Plan) -> None:
    """Remove the scratch folders and control groups of an ended fork server."""
    for number in range(plan.slots + 1):
        name = f"{plan.name}-{number}"
        scratch.remove(f"{plan.scratch_root}/{name}")
        cgroup.remove(name)
