"""The docker backend as tests start it, what it leaves at the engine, and an engine to cut off."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final

from sandbox.container import ContainerSandbox
from sandbox.containers.engine import Engine

ENGINE: Final = "unix:///var/run/docker.sock"
_CHUNK_BYTES: Final = 65536


def container_sandbox(
    image: str, *, warm: int = 2, concurrency: int = 1, host: str = ENGINE, **more: Any
) -> ContainerSandbox:
    """Start the docker backend."""
    return ContainerSandbox(image=image, host=host, warm=warm, concurrency=concurrency, **more)


def left_of(owner: str) -> list[str]:
    """Return the containers at the engine, in whatever state, whose owner's name begins so."""
    engine = Engine(ENGINE)
    try:
        return [one.identity for one in engine.listed() if one.owner.startswith(owner)]
    finally:
        engine.close()


class EngineRoad:
    """A socket that leads to the real engine, until it is cut; then nobody answers there."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "engine.sock"
        self.host = f"unix://{self._path}"
        self._open: list[socket.socket] = []
        self._lock = Lock()
        self._listener: socket.socket | None = None

    def mend(self) -> None:
        """Let callers through."""
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._path))
        self._listener.listen()
        Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Hang up on every caller and take the socket away, as an engine does that ends."""
        with self._lock:
            if self._listener is None:
                return
            self._path.unlink()
            ended, self._open, self._listener = [self._listener, *self._open], [], None
        for one in ended:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                caller, _ = listener.accept()
                engine = socket.socket(socket.AF_UNIX)
                engine.connect(ENGINE.removeprefix("unix://"))
                with self._lock:
                    is_cut = self._listener is not listener
                    self._open += [] if is_cut else [caller, engine]
                if is_cut:
                    caller.close()
                    engine.close()
                    return
                for one, other in ((caller, engine), (engine, caller)):
                    Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(_CHUNK_BYTES):
            target.sendall(chunk)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def road_to_engine(folder: Path) -> Iterator[EngineRoad]:
    """Give a socket to the engine that can be cut and mended."""
    road = EngineRoad(folder)
    road.mend()
    try:
        yield road
    finally:
        road.cut()
