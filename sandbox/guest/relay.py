"""Several streams over one wire, each with a window of its own, so that none holds up another.

Theory of operation. A container has one wire to the worker: its stdin and stdout. Both ends run a
relay that carries the same channels. A frame is a channel's number, a length, and that many bytes;
none mean that the stream has ended. Who receives tells from time to time how much it could pass on,
and nobody sends more than a window ahead. So a submission that floods one stream, or reads nothing,
stops that stream only, and neither end keeps more than a window of each.
"""

import os
import select
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from sandbox.limits import KIB

CONTROL: Final = 0
"""Orders one way, news the other way: frames of a `Control`."""
STDOUT: Final = 1
STDERR: Final = 2
LINE: Final = 3
CLOCK: Final = 4
"""A byte asks for the guest's CPU time, see `sandbox.guest.clock`."""
CHANNELS: Final = (CONTROL, STDOUT, STDERR, LINE, CLOCK)
"""In the order they are served: what was printed before an answer comes before it."""

_WINDOW_BYTES: Final = 256 * KIB
_CHUNK_BYTES: Final = 64 * KIB
_HEADER_BYTES: Final = 5
_PASSED_ON: Final = 0x80
"""Set in a channel's number: the length says how much was passed on, and no bytes follow."""


class _End:
    """A channel's descriptor here, and how much may still be sent and is still to be written."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.credit = _WINDOW_BYTES
        self.pending = bytearray()
        self.passed_on = 0
        self.is_read = True
        """Whether more may come from the descriptor."""
        self.is_finished = False
        """Whether the other end has sent all there is."""

    def events(self, *, is_held: bool) -> int:
        """Return what to wait for; what is held is not written now."""
        wanted = select.POLLIN if self.is_read and self.credit > 0 else 0
        return wanted | (select.POLLOUT if self.pending and not is_held else 0)

    def write(self) -> None:
        """Pass on what goes; where nobody takes it any more, drop it."""
        try:
            written = os.write(self.descriptor, self.pending)
        except BlockingIOError:
            return
        except OSError:
            written = len(self.pending)
        del self.pending[:written]
        self.passed_on += written

    def shut(self) -> None:
        """Tell whoever reads from the descriptor that nothing more comes."""
        with suppress(OSError), socket.socket(fileno=os.dup(self.descriptor)) as one:
            one.shutdown(socket.SHUT_WR)


class Relay:
    """One end of the wire. Owns the channels' descriptors, not the wire's.

    Args:
        wire: Descriptors to read from and to write to.
        ends: A descriptor for each channel.
        unwrapped: Takes what was read from the wire and returns what the other relay wrote.
    """

    def __init__(
        self, wire: tuple[int, int], ends: Mapping[int, int], unwrapped: Callable[[bytes], bytes]
    ) -> None:
        self._reads, self._writes = wire
        self._ends = {channel: _End(ends[channel]) for channel in CHANNELS}
        self._printed = [ends[STDOUT], ends[STDERR]]
        self._unwrapped = unwrapped
        self._received = bytearray()
        self._to_send = bytearray()
        self._poll = select.poll()
        self._waited_for: dict[int, int] = {}
        for descriptor in {*wire, *ends.values()}:
            os.set_blocking(descriptor, False)

    def run(self) -> None:
        """Carry until the wire ends, then close every channel here."""
        try:
            while self._turn():
                pass
        finally:
            for end in self._ends.values():
                os.close(end.descriptor)

    def _turn(self) -> bool:
        self._wait_for(self._wanted())
        ready = dict(self._poll.poll())
        if self._reads in ready and not self._take_from_wire():
            return False
        if self._ends[LINE].descriptor in ready:
            ready |= dict.fromkeys(self._printed, select.POLLIN)
        for channel, end in self._ends.items():
            self._serve(channel, end, ready.get(end.descriptor, 0))
        return self._write_to_wire()

    def _wanted(self) -> dict[int, int]:
        wanted = {self._reads: select.POLLIN}
        if self._to_send:
            wanted[self._writes] = wanted.get(self._writes, 0) | select.POLLOUT
        for channel, end in self._ends.items():
            if events := end.events(is_held=self._is_held(channel)):
                wanted[end.descriptor] = events
        return wanted

    def _is_held(self, channel: int) -> bool:
        """Say whether an answer has to wait for what was printed before it."""
        return channel == LINE and any(self._ends[one].pending for one in (STDOUT, STDERR))

    def _wait_for(self, wanted: dict[int, int]) -> None:
        for descriptor in self._waited_for.keys() - wanted.keys():
            self._poll.unregister(descriptor)
        for descriptor, events in wanted.items():
            if self._waited_for.get(descriptor) != events:
                self._poll.register(descriptor, events)
        self._waited_for = wanted

    def _take_from_wire(self) -> bool:
        try:
            chunk = os.read(self._reads, _WINDOW_BYTES)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self._received += self._unwrapped(chunk)
        while self._take_frame():
            pass
        return bool(chunk)

    def _take_frame(self) -> bool:
        received = self._received
        if len(received) < _HEADER_BYTES:
            return False
        size = int.from_bytes(received[1:_HEADER_BYTES], "big")
        end = self._ends[received[0] & ~_PASSED_ON]
        if received[0] & _PASSED_ON:
            end.credit += size
            size = 0
        elif len(received) < _HEADER_BYTES + size:
            return False
        elif size:
            end.pending += received[_HEADER_BYTES : _HEADER_BYTES + size]
        else:
            end.is_finished = True
        del received[: _HEADER_BYTES + size]
        return True

    def _serve(self, channel: int, end: _End, events: int) -> None:
        if end.pending and not self._is_held(channel):
            end.write()
        if end.passed_on > _WINDOW_BYTES // 2:
            self._send(channel | _PASSED_ON, end.passed_on)
            end.passed_on = 0
        if end.is_finished and not end.pending:
            end.is_finished = False
            end.shut()
        if events & ~select.POLLOUT and end.is_read and end.credit > 0:
            self._read(channel, end)

    def _read(self, channel: int, end: _End) -> None:
        try:
            chunk = os.read(end.descriptor, min(_CHUNK_BYTES, end.credit))
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        end.is_read = bool(chunk)
        end.credit -= len(chunk)
        self._send(channel, len(chunk), chunk)

    def _send(self, number: int, size: int, body: bytes = b"") -> None:
        self._to_send += number.to_bytes(1, "big") + size.to_bytes(4, "big") + body

    def _write_to_wire(self) -> bool:
        try:
            if self._to_send:
                del self._to_send[: os.write(self._writes, self._to_send)]
        except BlockingIOError:
            return True
        except OSError:
            return False
        return True
