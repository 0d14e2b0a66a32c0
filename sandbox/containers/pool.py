"""A pool of started containers, each used once."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from threading import Condition, Thread
from typing import Final

from sandbox.containers import boundary
from sandbox.containers.contained import Contained
from sandbox.containers.engine import Engine
from sandbox.containers.start import started
from sandbox.containers.sweep import Sweep
from sandbox.guest.orders import Gone, Hello
from sandbox.lane import Guest
from sandbox.limits import DEFAULT_LIMITS, Limits
from sandbox.outcome import SandboxUnavailable

_STARTERS: Final = 2
"""Containers started at once: each start keeps about a core of the engine busy."""
_TAKE_S: Final = 20.0
"""How long an exam may wait for a container."""
_RETRY_S: Final = 0.5
"""How long to wait after a start that failed."""
_SWEEP_S: Final = 1.0
"""How often to look for containers that nobody ends."""
_END_S: Final = 30.0
"""How long a start in hand may take when the pool closes."""


class Pool:
    """Keeps containers ready and gives each away once. Safe to call from several threads.

    Args:
        engine: Makes a connection to the engine; one thread each has its own.
        size: How many to keep ready; with 0 each is started when it is wanted.

    Raises:
        SandboxUnavailable: From every method, when the engine or a container fails.
    """

    def __init__(self, engine: Callable[[], Engine], wish: boundary.Wish, size: int) -> None:
        self._engine = engine
        self._settings = boundary.settings(wish)
        self._owner = wish.owner
        self._size = size
        self._change = Condition()
        self._ready: deque[Contained] = deque()
        self._taken: dict[Guest, Contained] = {}
        self._starting = 0
        self._begun: set[str] = set()
        """Containers that are being started."""
        self._wanted = 0
        """Exams that wait for a container."""
        self._trouble = ""
        """Why the last start failed; empty after one that did not."""
        self._failures = 0
        self._hello: Hello | None = None
        self._closed = False
        tasks = [self._start_ever] * _STARTERS + [self._sweep_ever]
        self._threads = [Thread(target=task, name="containers", daemon=True) for task in tasks]
        for thread in self._threads:
            thread.start()

    def hello(self) -> Hello:
        """Return what the fork server of the last container said; wait for one at first."""
        with self._change:
            while (hello := self._hello) is None:
                self._wait_for_container()
            self._demand_engine()
        return hello

    def demand_engine(self) -> None:
        """Refuse at once where no container is ready and the last start failed."""
        with self._change:
            self._demand_engine()

    def _demand_engine(self) -> None:
        self._drop_dead()
        if self._closed:
            raise SandboxUnavailable("the sandbox is closed")
        if self._trouble and not self._ready:
            raise SandboxUnavailable(self._trouble)

    def candidate(self) -> Guest:
        """Return a confined guest that waits for its job; with others before, wait for one."""
        with self._change:
            self._wait_for_container()
            contained = self._ready.popleft()
            self._taken[contained.guest] = contained
            self._change.notify_all()
        return contained.guest

    def _wait_for_container(self) -> None:
        failures = self._failures
        self._wanted += 1
        self._change.notify_all()
        try:
            self._change.wait_for(lambda: self._is_answered(failures), _TAKE_S)
        finally:
            self._wanted -= 1
        if not self._ready:
            self._demand_engine()
            raise SandboxUnavailable(f"no container was ready within {_TAKE_S:g} s")

    def _is_answered(self, failures: int) -> bool:
        self._drop_dead()
        return bool(self._ready) or self._closed or self._failures > failures

    def _drop_dead(self) -> None:
        """Let go of containers that ended while they waited, as when the engine went away."""
        dead = [one for one in self._ready if not one.is_alive()]
        for one in dead:
            self._ready.remove(one)
            one.close()
        if dead:
            self._change.notify_all()

    def limit(self, guest: Guest, limits: Limits) -> None:
        """Set what a taken guest may use, where that differs from the usual."""
        contained = self._contained(guest)
        contained.limit(limits)
        if limits.memory_bytes > DEFAULT_LIMITS.memory_bytes:
            engine = self._engine()
            try:
                engine.limit_memory(contained.identity, boundary.memory_for(limits.memory_bytes))
            finally:
                engine.close()

    def kill(self, guests: Sequence[Guest]) -> None:
        """End guests; where they ended already, nothing happens."""
        for guest in guests:
            self._contained(guest).kill()

    def gone(self, guest: Guest) -> Gone:
        """Wait until a taken guest has ended and say how; its container ends with it."""
        try:
            return self._contained(guest).gone()
        finally:
            self.forget(guest)

    def forget(self, guest: Guest) -> None:
        """End a taken guest's container; for one that is forgotten already, do nothing."""
        with self._change:
            contained = self._taken.pop(guest, None)
        if contained is not None:
            contained.close()

    def _contained(self, guest: Guest) -> Contained:
        with self._change:
            contained = self._taken.get(guest)
        if contained is None:
            raise SandboxUnavailable("the sandbox is closed")
        return contained

    def _start_ever(self) -> None:
        while self._await_need():
            begun: list[str] = []
            try:
                engine = self._engine()
                try:
                    note = partial(self._note_begun, begun)
                    contained, hello = started(engine, self._settings, note)
                finally:
                    engine.close()
            except SandboxUnavailable as failed:
                self._note_failure(str(failed))
            else:
                self._note_start(contained, hello)
            finally:
                with self._change:
                    self._begun.difference_update(begun)

    def _note_begun(self, begun: list[str], identity: str) -> None:
        with self._change:
            self._begun.add(identity)
            begun.append(identity)

    def _await_need(self) -> bool:
        """Wait until a container is to be started; say whether the pool goes on."""
        with self._change:
            self._change.wait_for(lambda: self._closed or self._is_short())
            self._starting += 1
            return not self._closed

    def _is_short(self) -> bool:
        self._drop_dead()
        return len(self._ready) + self._starting < self._size + self._wanted

    def _note_start(self, contained: Contained, hello: Hello) -> None:
        with self._change:
            self._starting -= 1
            self._trouble = ""
            self._hello = hello
            if not self._closed:
                self._ready.append(contained)
            self._change.notify_all()
        if self._closed:
            contained.close()

    def _note_failure(self, trouble: str) -> None:
        with self._change:
            self._trouble = trouble
            self._failures += 1
            self._change.notify_all()
            self._change.wait_for(lambda: self._closed, _RETRY_S)
            self._starting -= 1

    def _sweep_ever(self) -> None:
        sweep = Sweep(self._owner)
        while not self._closed:
            with self._change:
                self._drop_dead()
            with suppress(SandboxUnavailable):  # an engine that is away is the starters' to tell
                self._sweep_once(sweep)
            with self._change:
                self._change.wait_for(lambda: self._closed, _SWEEP_S)

    def _sweep_once(self, sweep: Sweep) -> None:
        engine = self._engine()
        try:
            listed = engine.listed()
            with self._change:
                alive = {one.identity for one in (*self._ready, *self._taken.values())}
                alive |= self._begun
            for orphan in sweep.orphans(listed, alive, time.monotonic()):
                engine.remove(orphan)
        finally:
            engine.close()

    def close(self) -> None:
        """End every container; exams that run end with SandboxUnavailable."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        for thread in self._threads:
            thread.join(_END_S)
        with self._change:
            unused, in_use = list(self._ready), list(self._taken.values())
            self._ready.clear()
        for contained in unused:
            contained.close()
        for contained in in_use:
            contained.hang_up()  # the exam that has it closes it
