"""One container as the worker sees it: a guest that waits for its job, and how it ends."""

import socket
import time
from contextlib import suppress
from threading import Thread
from typing import Final

from sandbox.guest.control import Control
from sandbox.guest.nodes import Malformed
from sandbox.guest.orders import NEWS, Forked, Gone, Hello, Kill, Limit, News
from sandbox.guest.relay import CHANNELS, CLOCK, CONTROL, LINE, STDERR, STDOUT, Relay
from sandbox.guest.wire import Closed
from sandbox.lane import Guest
from sandbox.limits import KIB, Limits
from sandbox.outcome import SandboxUnavailable

_HELLO_S: Final = 20.0
"""How long a started container may take until its guest lives."""
_GONE_S: Final = 10.0
"""How long a guest may take to be gone once it was killed."""
_FRAME_HEADER_BYTES: Final = 8
_STDERR: Final = 2
_COMPLAINT_BYTES: Final = 2 * KIB


class Frames:
    """Takes the engine's frames off a container's output. Source: Docker Engine API, attach.

    Attributes:
        complaint: What the container wrote to stderr, which is only our own code's troubles.
    """

    def __init__(self) -> None:
        self._received = bytearray()
        self.complaint = bytearray()

    def unwrapped(self, chunk: bytes) -> bytes:
        """Return what of a chunk, and of those before it, the container wrote to stdout."""
        received = self._received
        received += chunk
        written = bytearray()
        while len(received) >= _FRAME_HEADER_BYTES:
            end = _FRAME_HEADER_BYTES + int.from_bytes(received[4:_FRAME_HEADER_BYTES], "big")
            if len(received) < end:
                break
            body = received[_FRAME_HEADER_BYTES:end]
            if received[0] == _STDERR:
                self.complaint = (self.complaint + body)[-_COMPLAINT_BYTES:]
            else:
                written += body
            del received[:end]
        return bytes(written)


class Contained:
    """A started container with one guest.

    Args:
        wire: Its standard streams; owned from here on.
    """

    def __init__(self, identity: str, wire: socket.socket) -> None:
        self.identity = identity
        self._wire = wire
        self._frames = Frames()
        pairs = {channel: socket.socketpair() for channel in CHANNELS}
        ours = {channel: pair[0].detach() for channel, pair in pairs.items()}
        ends = {channel: pair[1].detach() for channel, pair in pairs.items()}
        self._control = Control(ours[CONTROL])
        self.guest = Guest(0, 0, [ours[LINE], ours[STDOUT], ours[STDERR], ours[CLOCK]])
        self._inner_pid = 0
        relay = Relay((wire.fileno(), wire.fileno()), ends, self._frames.unwrapped)
        self._carrying = Thread(target=relay.run, name=f"container {identity[:12]}", daemon=True)
        self._carrying.start()

    def until_ready(self) -> Hello:
        """Wait until the guest has confined itself; return what its fork server said.

        Raises:
            SandboxUnavailable: If it does not come to that.
        """
        deadline = time.monotonic() + _HELLO_S
        hello = self._news(deadline)
        forked = self._news(deadline)
        if not (isinstance(hello, Hello) and isinstance(forked, Forked)):
            raise SandboxUnavailable(f"container {self.identity[:12]} does not speak as it should")
        self._inner_pid = forked.pid
        self.guest.until_ready()
        return hello

    def is_alive(self) -> bool:
        """Say whether the wire is still up."""
        return self._carrying.is_alive()

    def limit(self, limits: Limits) -> None:
        """Set how many threads the guest may have."""
        with suppress(Closed):  # told by the next news
            self._control.send(Limit(0, limits.memory_bytes, limits.threads))

    def kill(self) -> None:
        """End the guest; where it ended already, nothing happens."""
        with suppress(Closed):  # told by the next news
            self._control.send(Kill([self._inner_pid]))

    def gone(self) -> Gone:
        """Wait until the guest has ended and say how.

        Raises:
            SandboxUnavailable: If the container does not tell.
        """
        deadline = time.monotonic() + _GONE_S
        while not isinstance(news := self._news(deadline), Gone):
            pass
        return news

    def _news(self, deadline: float) -> News:
        try:
            news, _ = self._control.receive(NEWS, max(deadline - time.monotonic(), 0.001))
        except (Closed, Malformed, TimeoutError) as failed:
            said = self._frames.complaint.decode("utf-8", "replace").strip()
            raise SandboxUnavailable(
                f"container {self.identity[:12]} is lost ({type(failed).__name__}): {said}"
            ) from failed
        return news

    def hang_up(self) -> None:
        """End the container and everything in it."""
        with suppress(OSError):
            self._wire.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up and close every descriptor."""
        self.hang_up()
        self._carrying.join(_GONE_S)
        self._wire.close()
        self._control.close()
        self.guest.close()
