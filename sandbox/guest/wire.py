"""Length-prefixed frames over one descriptor."""

import os
from collections.abc import Callable
from typing import Final, Protocol

HEADER_BYTES: Final = 4
_CHUNK_BYTES: Final = 32 * 1024
"""Read at a time: a larger buffer would be mapped and unmapped for every frame."""


class Closed(Exception):
    """The other end is gone."""


class FrameTooLarge(Exception):
    """A frame of our own is beyond the cap; nothing was sent."""


class FrameRefused(Exception):
    """The other end announced a frame beyond the cap."""


class Frames(Protocol):
    """Something that carries frames."""

    def send(self, frame: bytes, /) -> None:
        """Send one frame."""
        ...

    def check(self, frame: bytes, /) -> None:
        """Raise FrameTooLarge when a frame is beyond the cap."""
        ...

    def receive(self) -> bytes:
        """Return the next frame."""
        ...


class Channel:
    """Sends and receives frames; not safe to share between threads without a lock.

    Args:
        descriptor: A stream socket, owned by the caller.
        frame_bytes: Largest frame either way.
        wait: Called before each read (False), and where a write can not go on (True); it returns
            when the descriptor is ready or raises. None where the descriptor blocks by itself.
    """

    def __init__(
        self, descriptor: int, frame_bytes: int, wait: Callable[[bool], None] | None = None
    ) -> None:
        self.descriptor = descriptor
        self._frame_bytes = frame_bytes
        self._wait = wait
        self._received = bytearray()

    def send(self, frame: bytes) -> None:
        """Send one frame.

        Raises:
            FrameTooLarge: If it is beyond the cap; nothing was sent.
            Closed: If the other end is gone.
        """
        self.check(frame)
        rest = memoryview(len(frame).to_bytes(HEADER_BYTES, "big") + frame)
        try:
            while rest:
                try:
                    rest = rest[os.write(self.descriptor, rest) :]
                except BlockingIOError:
                    if self._wait is None:
                        raise
                    self._wait(True)
        except (BrokenPipeError, ConnectionResetError):
            raise Closed from None

    def check(self, frame: bytes) -> None:
        """Raise FrameTooLarge when `frame` is beyond the cap."""
        if len(frame) > self._frame_bytes:
            raise FrameTooLarge(f"{len(frame)} bytes, at most {self._frame_bytes} may cross")

    def receive(self) -> bytes:
        """Return the next frame.

        Raises:
            FrameRefused: If a larger one was announced.
            Closed: If the other end is gone.
        """
        while True:
            frame = self._next_frame()
            if frame is not None:
                return frame
            if self._wait is not None:
                self._wait(False)
            try:
                chunk = os.read(self.descriptor, _CHUNK_BYTES)
            except ConnectionResetError:
                raise Closed from None
            if not chunk:
                raise Closed
            self._received += chunk

    def _next_frame(self) -> bytes | None:
        received = self._received
        if len(received) < HEADER_BYTES:
            return None
        size = int.from_bytes(received[:HEADER_BYTES], "big")
        if size > self._frame_bytes:
            raise FrameRefused(f"{size} bytes, at most {self._frame_bytes} may cross")
        end = HEADER_BYTES + size
        if len(received) < end:
            return None
        frame = bytes(received[HEADER_BYTES:end])
        del received[:end]
        return frame
