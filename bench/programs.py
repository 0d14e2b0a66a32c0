"""Starts the server and the processes that make load, and ends them on every path."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from bench.bursts import Burst, Errand

ROOT: Final = Path(__file__).resolve().parents[1]
HOST: Final = "127.0.0.1"
_START_S: Final = 30.0
_STOP_S: Final = 10.0
_ELF: Final = b"\x7fELF"


class BenchFailed(Exception):
    """The measurement could not be made; the message says why."""


class _Isolation(Struct, frozen=True):
    layers: tuple[str, ...]


class _Ready(Struct, frozen=True):
    ready: bool
    reasons: tuple[str, ...]
    isolation: _Isolation


class Server(Struct, frozen=True, kw_only=True):
    """A server that is ready to grade, and the isolation layers it has in force."""

    pid: int
    port: int
    layers: tuple[str, ...]


class LoadMaker:
    """A process that runs errands: the client or the spawner."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def run(self, errand: Errand) -> Burst:
        """Run one errand and wait for it.

        Raises:
            BenchFailed: If the process ended instead; it has said why on stderr.
        """
        self.begin(errand)
        return self.finish()

    def begin(self, errand: Errand) -> None:
        """Hand an errand over."""
        assert self._process.stdin is not None  # noqa: S101 - asked for below
        self._process.stdin.write(msgspec.json.encode(errand) + b"\n")
        self._process.stdin.flush()

    def finish(self) -> Burst:
        """Wait for the errand that was handed over.

        Raises:
            BenchFailed: If the process ended instead.
        """
        assert self._process.stdout is not None  # noqa: S101 - asked for below
        line = self._process.stdout.readline()
        if not line:
            raise BenchFailed(f"{self._process.args!r} ended without an answer")
        return msgspec.json.decode(line, type=Burst)


@contextmanager
def load_maker(module: str, *arguments: str) -> Iterator[LoadMaker]:
    """Run `python -m MODULE ARGUMENTS` for as long as it is needed."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield LoadMaker(process)
        finally:
            process.kill()


@contextmanager
def serving(
    *, grading_concurrency: int, log: Path, settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run the server as the image does, in single mode, with every layer this machine allows.

    Args:
        grading_concurrency: Gradings at once.
        log: Where its log goes.
        settings: Further variables of its environment.

    Raises:
        BenchFailed: If it does not get ready.
    """
    port = free_port()
    with log.open("wb") as lines:
        process = subprocess.Popen(
            _server_argv(port),
            cwd=ROOT,
            env={
                "PATH": os.defpath,
                "GRADING_CONCURRENCY": str(grading_concurrency),
                **(settings or {}),
            },
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=lines,
        )
    try:
        ready = _until_ready(port, process, log=log)
        yield Server(pid=process.pid, port=port, layers=ready.isolation.layers)
    finally:
        end(process)


def bare_interpreter() -> str:
    """Return the interpreter that is really run, behind virtual environments and shims.

    Raises:
        BenchFailed: If it is no binary.
    """
    interpreter = Path(sys.executable).resolve()
    with interpreter.open("rb") as binary:
        if binary.read(len(_ELF)) != _ELF:
            raise BenchFailed(f"{interpreter} is no binary; run the bench with a real interpreter")
    return str(interpreter)


def _server_argv(port: int) -> Sequence[str]:
    serve = [sys.executable, "-m", "uvicorn", "server.app:app", "--no-access-log"]
    return [*serve, "--host", HOST, "--port", str(port)]


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _until_ready(port: int, process: subprocess.Popen[bytes], *, log: Path) -> _Ready:
    give_up_s = time.monotonic() + _START_S
    reasons: object = "no answer"
    while time.monotonic() < give_up_s and process.poll() is None:
        connection = HTTPConnection(HOST, port, timeout=_START_S)
        try:
            connection.request("GET", "/readyz")
            ready = msgspec.json.decode(connection.getresponse().read(), type=_Ready)
        except ConnectionError:
            time.sleep(0.05)
            continue
        finally:
            connection.close()
        if ready.ready:
            return ready
        reasons = ready.reasons
    raise BenchFailed(f"the server did not get ready: {reasons}; its log is in {log}")


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process by SIGTERM.

    Raises:
        BenchFailed: If it had to be killed.
    """
    process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise BenchFailed(f"{process.args!r} ignored SIGTERM for {_STOP_S:g} s") from None
