import os
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.guest.control import Control
from sandbox.guest.nodes import Malformed
from sandbox.guest.wire import Closed
from sandbox.guest.words import STARTED, WORD, Done, Lost, Recorded, Started


@pytest.fixture
def ends() -> Iterator[tuple[Control, Control]]:
    ours, theirs = socket.socketpair()
    first, second = Control(ours.detach()), Control(theirs.detach())
    yield first, second
    first.close()
    second.close()


def test_words_arrive_as_what_they_were(ends: tuple[Control, Control]) -> None:
    words = [Lost(3, "ended", ""), Recorded([]), Done([])]

    for word in words:
        ends[0].send(word)

    assert [ends[1].receive(WORD)[0] for _ in words] == words


def test_descriptors_come_with_their_word(ends: tuple[Control, Control]) -> None:
    read, write = os.pipe()
    ends[0].send(Started(5), [write])
    ends[0].send(Started(6))
    os.close(write)

    word, (received,) = ends[1].receive(STARTED)
    os.write(received, b"through")
    os.close(received)

    assert word == Started(5)
    assert os.read(read, 100) == b"through"
    assert ends[1].receive(STARTED) == (Started(6), [])
    os.close(read)


def test_a_large_word_with_descriptors_arrives_whole(ends: tuple[Control, Control]) -> None:
    word = Lost(0, "protocol", "x" * 100_000)

    ends[0].send(word, [0])
    received, descriptors = ends[1].receive(WORD)

    assert received == word
    for descriptor in descriptors:
        os.close(descriptor)


def test_silence_ends_at_the_deadline(ends: tuple[Control, Control]) -> None:
    with pytest.raises(TimeoutError):
        ends[1].receive(WORD, 0.01)


def test_an_end_is_told_on_both_ways(ends: tuple[Control, Control]) -> None:
    ends[0].close()

    with pytest.raises(Closed):
        ends[1].receive(WORD)
    with pytest.raises(Closed):
        ends[1].send(Done([]))


@pytest.mark.parametrize(
    "frame",
    [b"\0\0\0\1\xc1", b"\0\0\0\1\x90", b"\0\0\0\7\x91\xa5other", b"\0\0\0\0", b"\xff\xff\xff\xff"],
)
def test_what_is_no_word_is_malformed(frame: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours:
        line = Control(theirs.detach())
        ours.sendall(frame)

        with pytest.raises(Malformed):
            line.receive(WORD, 1.0)
        line.close()


@given(st.binary(min_size=1, max_size=60))
def test_any_bytes_are_a_word_or_malformed_or_an_end(body: bytes) -> None:
    ours, theirs = socket.socketpair()
    line = Control(theirs.detach())
    ours.sendall(len(body).to_bytes(4, "big") + body)
    ours.close()

    with suppress(Malformed):
        line.receive(WORD, 1.0)
    with pytest.raises(Closed):
        line.receive(WORD, 1.0)
    line.close()


def test_the_senders_process_is_known() -> None:
    ours, theirs = socket.socketpair()
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    with ours:
        line = Control(theirs.detach())
        ours.sendall(b"\0\0\0\1x")

        assert line.sender(1.0) == os.getpid()
        line.close()


def test_a_sender_that_says_nothing_is_not_waited_for_forever() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        line = Control(theirs.detach())
        with pytest.raises(TimeoutError):
            line.sender(0.01)
        line.close()
