"""The line between a guest and the supervisor: frames, and descriptors that come with them."""

import select
import socket
import struct
from collections.abc import Sequence
from typing import Any, Final, TypeVar

from msgspec.msgpack import Decoder

from sandbox.guest.nodes import Malformed, decoded, pack
from sandbox.guest.wire import HEADER_BYTES, Closed
from sandbox.limits import MIB

_CHUNK_BYTES: Final = 32 * 1024
"""Read at a time: a larger buffer would be mapped and unmapped for every frame."""
_FRAME_BYTES: Final = 64 * MIB
"""Largest message: test files, their code, or what a program is to read."""
_ANCILLARY_BYTES: Final = socket.CMSG_SPACE(4 * 4)
"""Room for four descriptors."""
_CREDENTIALS: Final = struct.Struct("iII")
"""Source: linux/socket.h, struct ucred: pid, uid, gid."""

Message = TypeVar("Message")


class Control:
    """One end of the line. A guest's first frame is its readiness, the supervisor's the job.

    Args:
        descriptor: A stream socket.
    """

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, descriptor)
        self._received = bytearray()
        self._descriptors: list[int] = []

    def receive(
        self, decoder: Decoder[Message], timeout_s: float | None = None
    ) -> tuple[Message, list[int]]:
        """Return the next message and the descriptors that came with it.

        Raises:
            Closed: If the other end is gone.
            Malformed: If it sent something else.
            TimeoutError: If `timeout_s` pass before any more of the message arrives.
        """
        frame = self._frame(timeout_s)
        descriptors, self._descriptors = self._descriptors, []
        return decoded(frame, decoder), descriptors

    def _frame(self, timeout_s: float | None) -> bytes:
        while True:
            if len(self._received) >= HEADER_BYTES:
                end = HEADER_BYTES + int.from_bytes(self._received[:HEADER_BYTES], "big")
                if end > _FRAME_BYTES:
                    raise Malformed(f"a message of {end} bytes")
                if len(self._received) >= end:
                    frame = bytes(self._received[HEADER_BYTES:end])
                    del self._received[:end]
                    return frame
            self._take_chunk(timeout_s)

    def _take_chunk(self, timeout_s: float | None) -> None:
        self._socket.settimeout(timeout_s)
        try:
            chunk, ancillary, _, _ = self._socket.recvmsg(_CHUNK_BYTES, _ANCILLARY_BYTES)
        except ConnectionResetError:
            raise Closed from None
        if not chunk:
            raise Closed
        self._received += chunk
        for _, kind, body in ancillary:
            if kind == socket.SCM_RIGHTS:
                self._descriptors += memoryview(body).cast("i")

    def hears_already(self) -> bool:
        """Say whether any of a message has come, or the other end has gone."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(self._received) or bool(poll.poll(0))

    def sender(self, timeout_s: float) -> int:
        """Return the process that sent what comes next, as this PID namespace sees it.

        Needs SO_PASSCRED, which is switched off afterwards: the sender does not change.

        Raises:
            TimeoutError: If nothing comes within `timeout_s`.
        """
        self._socket.settimeout(timeout_s)
        space = socket.CMSG_SPACE(_CREDENTIALS.size)
        _, ancillary, _, _ = self._socket.recvmsg(1, space, socket.MSG_PEEK)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
        for _, kind, body in ancillary:
            if kind == socket.SCM_CREDENTIALS:
                process_id: int = _CREDENTIALS.unpack(body)[0]
                return process_id
        return 0

    def send(self, message: Any, descriptors: Sequence[int] = ()) -> None:
        """Send one frame, with descriptors the other end gets copies of.

        Raises:
            Closed: If the other end is gone.
        """
        body = pack(message)
        frame = len(body).to_bytes(HEADER_BYTES, "big") + body
        try:
            if descriptors:
                frame = frame[socket.send_fds(self._socket, [frame], descriptors) :]
            if frame:  # an empty write would fail when the other end has answered and gone
                self._socket.sendall(frame)
        except (BrokenPipeError, ConnectionResetError):
            raise Closed from None

    def detach(self) -> int:
        """Give the descriptor away."""
        return self._socket.detach()

    def close(self) -> None:
        """Close this end."""
        self._socket.close()
