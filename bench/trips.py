"""Stands between a client and Redis and counts round trips: `python -m bench.trips PORT`.

A round trip is a turn of the conversation: something sent by the client after the server's last
word. So a command that blocks is one, and so is a pipeline, unless it is so large that the server
answers in the midst of it. Prints its own port first, then the
count so far for each line of stdin.
"""

import selectors
import socket
import sys
from typing import Final

HOST: Final = "127.0.0.1"
_CHUNK_BYTES: Final = 65536
_ASKED: Final = "asked"


class Conversation:
    """One connection and its other half. Bytes are passed on as they come."""

    def __init__(self, client: socket.socket, redis_port: int) -> None:
        self.client = client
        self.server = socket.create_connection((HOST, redis_port))
        for end in (self.client, self.server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client_spoke = False

    def pass_on(self, speaker: socket.socket) -> tuple[bool, int]:
        """Pass on what was said; return whether it goes on, and the round trips that began."""
        said = speaker.recv(_CHUNK_BYTES)
        by_client = speaker is self.client
        began = int(bool(said) and by_client and not self._client_spoke)
        if said:
            self._client_spoke = by_client
            (self.server if by_client else self.client).sendall(said)
        return bool(said), began

    def close(self) -> None:
        """Hang up on both sides."""
        self.client.close()
        self.server.close()


def serve(redis_port: int) -> None:
    """Pass on and count until stdin ends."""
    trips = 0
    with socket.create_server((HOST, 0)) as listener, selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        selector.register(sys.stdin, selectors.EVENT_READ, _ASKED)
        _say(listener.getsockname()[1])
        while True:
            for key, _ in selector.select():
                if key.data == _ASKED:
                    if not sys.stdin.readline():
                        return
                    _say(trips)
                elif key.fileobj is listener:
                    talk = Conversation(listener.accept()[0], redis_port)
                    selector.register(talk.client, selectors.EVENT_READ, talk)
                    selector.register(talk.server, selectors.EVENT_READ, talk)
                elif key.data.client.fileno() >= 0:  # else the other half hung up just now
                    trips += _heard(selector, key)


def _heard(selector: selectors.BaseSelector, key: selectors.SelectorKey) -> int:
    talk: Conversation = key.data
    try:
        goes_on, began = talk.pass_on(key.fileobj)  # type: ignore[arg-type]
    except ConnectionError:
        goes_on, began = False, 0
    if not goes_on:
        selector.unregister(talk.client)
        selector.unregister(talk.server)
        talk.close()
    return began


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
