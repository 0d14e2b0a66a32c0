"""The examiner's end of the wire to one candidate: deadlines, and what the candidate prints."""

import os
import select
import time
from collections.abc import Callable
from typing import Final

from sandbox.guest.clock import ANSWER, GONE_S, cpu_clock_s
from sandbox.guest.loading import shortened
from sandbox.guest.lost import CandidateGone, LoadFailed
from sandbox.guest.nodes import Malformed, decoded
from sandbox.guest.wire import Channel, Closed, FrameRefused
from sandbox.guest.words import FIRST_WORD, NotLoaded

_CHUNK_BYTES: Final = 64 * 1024
STDOUT: Final = 0
STDERR: Final = 1
_STREAMS: Final = 3
"""Descriptors of a candidate that is a process of this machine."""
_LATE_S: Final = 0.25
"""How long taking an answer may last that was there at the deadline."""
_CLOCK_S: Final = 5.0
"""How long a container may take to tell its clock."""


class Silent(Exception):
    """A container does not answer, for which its guest is not to blame."""


class Output:
    """Counts what all candidates of one exam print, and hands it on.

    Args:
        limit_bytes: What may be printed in the whole exam.
    """

    def __init__(self, limit_bytes: int, sink: Callable[[int, bytes], None]) -> None:
        self._left_bytes = limit_bytes
        self.sink = sink

    def take(self, stream: int, chunk: bytes) -> None:
        """Hand a chunk to the sink.

        Raises:
            CandidateGone: If it is more than may be printed.
        """
        self._left_bytes -= len(chunk)
        if self._left_bytes < 0:
            raise CandidateGone("output")
        self.sink(stream, chunk)


class Link(Channel):
    """One candidate.

    Args:
        descriptors: Its socket, stdout and stderr; where it is in a container, also a socket
            that tells its CPU time. Owned from here on.
        pid: Its process id in this PID namespace, for its CPU clock; unused in a container.
    """

    def __init__(self, descriptors: list[int], pid: int, frame_bytes: int, output: Output) -> None:
        super().__init__(descriptors[0], frame_bytes, self._until_ready)
        self.pid = pid
        self.deadline = 0.0
        self._output = output
        self._streams = {descriptors[1]: STDOUT, descriptors[2]: STDERR}
        self._poll = select.poll()
        self._descriptors = descriptors
        for descriptor in descriptors[:_STREAMS]:
            os.set_blocking(descriptor, False)
            self._poll.register(descriptor, select.POLLIN)

    def _until_ready(self, write: bool) -> None:
        wanted = select.POLLOUT if write else select.POLLIN
        if write:
            self._poll.modify(self.descriptor, wanted)
        try:
            while not self._ready_once(wanted):
                pass
        finally:
            if write:
                self._poll.modify(self.descriptor, select.POLLIN)

    @property
    def deadline(self) -> float:
        """When the call in hand has to be answered, by the monotonic clock."""
        return self._deadline

    @deadline.setter
    def deadline(self, deadline: float) -> None:
        self._deadline = deadline
        self._late_since: float | None = None
        self._late_frames = 0

    def _ready_once(self, wanted: int) -> bool:
        now = time.monotonic()
        left_s = self._deadline - now
        events = self._poll.poll(max(left_s, 0) * 1000)
        ready = False
        for descriptor, event in events:
            if descriptor == self.descriptor:
                ready = bool(event & (wanted | select.POLLHUP | select.POLLERR))
            else:
                self._drain(descriptor)
        if left_s <= 0:
            self._late_since = now if self._late_since is None else self._late_since
            is_there = ready if wanted else bool(events)
            if not is_there or now - self._late_since > _LATE_S:
                raise CandidateGone("timeout")
        return ready

    def _drain(self, descriptor: int) -> None:
        """Take all that was printed so far; a container's stream holds more than a chunk of it."""
        more = True
        while more:
            try:
                chunk = os.read(descriptor, _CHUNK_BYTES)
            except BlockingIOError:
                return
            self._output.take(self._streams[descriptor], chunk)
            more = len(chunk) == _CHUNK_BYTES
        if not chunk:
            self._poll.unregister(descriptor)
            del self._streams[descriptor]

    def receive(self) -> bytes:
        """Return the next frame, or raise CandidateGone."""
        try:
            frame = super().receive()
        except Closed:
            raise CandidateGone("ended") from None
        except FrameRefused as refused:
            raise CandidateGone("protocol", str(refused)) from None
        if time.monotonic() > self._deadline:
            self._late_frames += 1  # one was there already; more are no answer
            if self._late_frames > 1:
                raise CandidateGone("timeout")
        return frame

    def send(self, frame: bytes) -> None:
        """Send one frame, or raise CandidateGone."""
        try:
            super().send(frame)
        except Closed:
            raise CandidateGone("ended") from None

    def until_loaded(self) -> None:
        """Wait until the submission has been imported.

        Raises:
            LoadFailed: If it could not be.
            CandidateGone: If it was lost meanwhile.
        """
        try:
            word = decoded(self.receive(), FIRST_WORD)
        except Malformed as nonsense:
            raise CandidateGone("protocol", str(nonsense)) from None
        if isinstance(word, NotLoaded):
            raise LoadFailed(shortened(word.error))

    def until_end(self, sink: Callable[[int, bytes], None]) -> None:
        """Take output until the candidate has ended and both streams are empty.

        Args:
            sink: Where this candidate's output goes, in place of the exam's.

        Raises:
            CandidateGone: If the deadline passes, or it prints too much or sends anything.
        """
        shown, self._output.sink = self._output.sink, sink
        try:
            self._until_silent()
        finally:
            self._output.sink = shown

    def _until_silent(self) -> None:
        try:
            super().receive()
        except Closed:
            pass
        except FrameRefused:
            raise CandidateGone("protocol", "a program sends no frames") from None
        else:
            raise CandidateGone("protocol", "a program sends no frames")
        self._poll.unregister(self.descriptor)
        while self._streams:
            self._ready_once(0)

    def cpu_s(self) -> float:
        """Return the CPU time the candidate has used, by the kernel's clock of its process.

        Raises:
            CandidateGone: If it has ended.
            Silent: If its container does not answer.
        """
        if len(self._descriptors) > _STREAMS:
            return self._told_cpu_s(self._descriptors[_STREAMS])
        try:
            return cpu_clock_s(self.pid)
        except OSError:
            raise CandidateGone("ended") from None

    def _told_cpu_s(self, clock: int) -> float:
        poll = select.poll()
        poll.register(clock, select.POLLIN)
        try:
            os.write(clock, b"?")
            if not poll.poll(_CLOCK_S * 1000):
                raise Silent("a container does not tell its clock")
            told = os.read(clock, ANSWER.size)
        except OSError:
            raise CandidateGone("ended") from None
        used_s: float = ANSWER.unpack(told)[0] if len(told) == ANSWER.size else GONE_S
        if used_s == GONE_S:
            raise CandidateGone("ended")
        return used_s

    def close(self) -> None:
        """Close the descriptors."""
        for descriptor in self._descriptors:
            os.close(descriptor)
