import os
import socket
import threading
from collections.abc import Iterator

import pytest

from sandbox.guest.wire import Channel, Closed, FrameRefused, FrameTooLarge

LIMIT_BYTES = 1000


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def channel(end: socket.socket) -> Channel:
    return Channel(end.fileno(), LIMIT_BYTES)


def test_frames_arrive_whole_and_in_order(ends: tuple[socket.socket, socket.socket]) -> None:
    sender, receiver = channel(ends[0]), channel(ends[1])
    frames = [b"", b"a", b"b" * LIMIT_BYTES, b"c" * 7]

    for frame in frames:
        sender.send(frame)

    assert [receiver.receive() for _ in frames] == frames


def test_a_frame_in_pieces_is_put_together(ends: tuple[socket.socket, socket.socket]) -> None:
    receiver = channel(ends[1])
    stream = b"\0\0\0\3abc" + b"\0\0\0\2de"

    def trickle() -> None:
        for at in range(len(stream)):
            ends[0].sendall(stream[at : at + 1])

    writer = threading.Thread(target=trickle)
    writer.start()
    received = [receiver.receive(), receiver.receive()]
    writer.join()

    assert received == [b"abc", b"de"]


def test_a_frame_beyond_the_cap_is_not_sent(ends: tuple[socket.socket, socket.socket]) -> None:
    sender, receiver = channel(ends[0]), channel(ends[1])

    with pytest.raises(FrameTooLarge, match="1001 bytes, at most 1000 may cross"):
        sender.send(b"x" * (LIMIT_BYTES + 1))
    sender.send(b"next")

    assert receiver.receive() == b"next"


@pytest.mark.parametrize("size", [LIMIT_BYTES + 1, 2**31, 2**32 - 1])
def test_an_announced_frame_beyond_the_cap_is_refused_before_it_comes(
    ends: tuple[socket.socket, socket.socket], size: int
) -> None:
    ends[0].sendall(size.to_bytes(4, "big"))

    with pytest.raises(FrameRefused, match=f"{size} bytes, at most 1000 may cross"):
        channel(ends[1]).receive()


@pytest.mark.parametrize("rest", [b"", b"\0\0", b"\0\0\0\5abc"])
def test_an_end_is_told_wherever_it_comes(
    ends: tuple[socket.socket, socket.socket], rest: bytes
) -> None:
    ends[0].sendall(rest)
    ends[0].close()

    with pytest.raises(Closed):
        channel(ends[1]).receive()


def test_sending_to_nobody_is_told(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[1].close()

    with pytest.raises(Closed):
        channel(ends[0]).send(b"anybody there")


def test_a_full_descriptor_is_waited_for(ends: tuple[socket.socket, socket.socket]) -> None:
    os.set_blocking(ends[0].fileno(), False)
    frame = b"x" * 2**20
    waits: list[bool] = []

    def drain(write: bool) -> None:
        waits.append(write)
        received.append(ends[1].recv(2**20))

    received: list[bytes] = []
    sender = Channel(ends[0].fileno(), 2**20, drain)

    sender.send(frame)
    ends[0].close()
    while chunk := ends[1].recv(2**20):
        received.append(chunk)

    assert b"".join(received) == (2**20).to_bytes(4, "big") + frame
    assert waits
    assert all(waits)


def test_a_full_descriptor_nobody_waits_for_is_an_error(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    os.set_blocking(ends[0].fileno(), False)

    with pytest.raises(BlockingIOError):
        Channel(ends[0].fileno(), 2**22).send(b"x" * 2**22)
