"""Two relays back to back, as a worker and a container are."""

import os
import select
import socket
from collections.abc import Iterator
from threading import Thread
from typing import Final, NamedTuple

import pytest

from sandbox.containers.contained import Frames
from sandbox.guest.relay import CHANNELS, CLOCK, CONTROL, LINE, STDERR, STDOUT, Relay
from sandbox.limits import MIB

PATIENCE_S: Final = 20.0
FLOOD_BYTES: Final = 8 * MIB


class Road(NamedTuple):
    """What joins two places: for each channel a socket here and one there, and the wire's ends."""

    here: dict[int, socket.socket]
    there: dict[int, socket.socket]
    wire: socket.socket


@pytest.fixture(name="road")
def open_road() -> Iterator[Road]:
    wire, other_wire = socket.socketpair()
    places: list[dict[int, socket.socket]] = []
    threads = []
    for end in (wire, other_wire):
        pairs = {channel: socket.socketpair() for channel in CHANNELS}
        inner = {channel: pair[1].detach() for channel, pair in pairs.items()}
        relay = Relay((end.fileno(), end.fileno()), inner, bytes)
        threads.append(Thread(target=relay.run, daemon=True))
        places.append({channel: pair[0] for channel, pair in pairs.items()})
    for thread in threads:
        thread.start()
    for one in (*places[0].values(), *places[1].values()):
        one.settimeout(PATIENCE_S)
    yield Road(places[0], places[1], wire)
    wire.shutdown(socket.SHUT_RDWR)
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
    for one in (wire, other_wire, *places[0].values(), *places[1].values()):
        one.close()


def received(source: socket.socket, count: int) -> bytes:
    """Return exactly that many bytes."""
    taken = bytearray()
    while len(taken) < count and (chunk := source.recv(count - len(taken))):
        taken += chunk
    return bytes(taken)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_carries_both_ways(road: Road, channel: int) -> None:
    road.here[channel].sendall(b"there")
    assert received(road.there[channel], 5) == b"there"

    road.there[channel].sendall(b"back")
    assert received(road.here[channel], 4) == b"back"


def test_a_channel_that_nobody_reads_holds_up_no_other(road: Road) -> None:
    flood = Thread(target=flooded, args=(road.there[STDOUT],), daemon=True)
    flood.start()
    until_full(road.there[STDOUT])

    road.here[CONTROL].sendall(b"kill")
    assert received(road.there[CONTROL], 4) == b"kill"
    road.here[LINE].sendall(b"call")
    assert received(road.there[LINE], 4) == b"call"
    road.there[CLOCK].sendall(b"tick")
    assert received(road.here[CLOCK], 4) == b"tick"

    assert received(road.here[STDOUT], FLOOD_BYTES) == b"x" * FLOOD_BYTES
    flood.join(PATIENCE_S)
    assert not flood.is_alive()


def flooded(target: socket.socket) -> None:
    target.sendall(b"x" * FLOOD_BYTES)


def until_full(target: socket.socket) -> None:
    """Wait until nothing more goes into a channel for a while."""
    poll = select.poll()
    poll.register(target, select.POLLOUT)
    while poll.poll(300):
        select.select([], [], [], 0.05)


def test_an_end_arrives_after_all_that_was_sent_and_the_way_back_stays_open(road: Road) -> None:
    road.there[LINE].sendall(b"last words")
    road.there[LINE].shutdown(socket.SHUT_WR)

    assert received(road.here[LINE], 100) == b"last words"
    road.here[LINE].sendall(b"still")
    assert received(road.there[LINE], 5) == b"still"


def test_what_was_printed_before_an_answer_comes_before_it(road: Road) -> None:
    for number in range(200):
        road.there[STDERR].sendall(b"printed")
        road.there[LINE].sendall(b"answer")

        assert received(road.here[LINE], 6) == b"answer", number
        assert road.here[STDERR].recv(100, socket.MSG_DONTWAIT) == b"printed", number


def test_an_answer_waits_for_more_than_its_reader_has_room_for(road: Road) -> None:
    printed = b"x" * 250_000  # less than a window, more than a socket takes

    road.there[STDOUT].sendall(printed)
    road.there[LINE].sendall(b"answer")

    assert select.select([road.here[LINE]], [], [], 0.3)[0] == []
    assert received(road.here[STDOUT], len(printed)) == printed
    assert received(road.here[LINE], 6) == b"answer"


def test_a_reader_that_left_does_not_stop_the_writer(road: Road) -> None:
    road.here[STDOUT].close()
    road.here[STDOUT] = socket.socket(socket.AF_UNIX)

    flooded(road.there[STDOUT])
    road.there[LINE].sendall(b"answer")

    assert received(road.here[LINE], 6) == b"answer"


def test_the_wires_end_ends_every_channel(road: Road) -> None:
    road.wire.shutdown(socket.SHUT_RDWR)

    assert [received(one, 1) for one in road.here.values()] == [b""] * len(CHANNELS)
    assert [received(one, 1) for one in road.there.values()] == [b""] * len(CHANNELS)


@pytest.mark.parametrize("step", [1, 7, 64])
def test_the_engines_frames_are_taken_off_wherever_they_are_cut(step: int) -> None:
    written = [os.urandom(size) for size in (0, 1, 300, 70_000)]
    stream = b"".join(
        bytes((kind, 0, 0, 0)) + len(body).to_bytes(4, "big") + body
        for one in written
        for kind, body in ((1, one), (2, b"complaint\n"))
    )
    frames = Frames()

    taken = b"".join(frames.unwrapped(stream[at : at + step]) for at in range(0, len(stream), step))

    assert taken == b"".join(written)
    assert frames.complaint.endswith(b"complaint\n")
