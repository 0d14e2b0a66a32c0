"""A cluster of one's own on this machine: Redis, gateways and workers as child processes."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Final

import msgspec
from msgspec import Struct

from load.crowd import ROOT, LoadFailed

HOST: Final = "127.0.0.1"
STARTS_WITHIN_S: Final = 40.0
STOPS_WITHIN_S: Final = 20.0
LOOK_S: Final = 0.05
"""How often to look whether something has come to pass, seconds."""
ANSWER_S: Final = 10.0


class _Load(Struct, frozen=True):
    grading_concurrency: int


class Ready(Struct, frozen=True):
    """What a gateway says of itself at /readyz."""

    ready: bool
    reasons: tuple[str, ...]
    load: _Load


class Program:
    """One process of the cluster, which can end and be started again as it was.

    Args:
        argv: What to run.
        environ: What it finds in its environment, besides PATH.
        log: Where it writes to.
    """

    def __init__(self, *argv: str, environ: Mapping[str, str], log: Path) -> None:
        self._argv = argv
        self._environ = {"PATH": os.defpath, **environ}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the process that runs.

        Raises:
            LoadFailed: If none does.
        """
        if self._process is None or self._process.poll() is not None:
            raise LoadFailed(f"{self._argv[0]} has ended; its log is {self._log}")
        return self._process.pid

    def start(self) -> None:
        """Start it."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._argv,
                cwd=ROOT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,  # an interrupt is for us, who end it in its turn
            )

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and wait for its end.

        Raises:
            LoadFailed: If it had to be killed.
        """
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise LoadFailed(
                f"{self._argv[0]} ignored {how.name} for {STOPS_WITHIN_S:g} s; its log is "
                f"{self._log}"
            ) from None
        finally:
            self._process = None


class Cluster(Struct, frozen=True, kw_only=True):
    """The processes, and where to reach them."""

    redis: Program
    redis_port: int
    gateways: tuple[Program, ...]
    gateway_ports: tuple[int, ...]
    workers: tuple[Program, ...]

    @property
    def socket_urls(self) -> tuple[str, ...]:
        """Of the gateways."""
        return tuple(f"ws://{HOST}:{port}/ws" for port in self.gateway_ports)

    @property
    def redis_url(self) -> str:
        """Of Redis itself."""
        return f"redis://{HOST}:{self.redis_port}/0"

    def programs(self) -> tuple[Program, ...]:
        """Give all of them, in the order in which they are started."""
        return (self.redis, *self.workers, *self.gateways)

    def await_redis(self) -> None:
        """Wait until Redis answers.

        Raises:
            LoadFailed: If it does not.
        """
        await_fact(lambda: answers_ping(self.redis_port, self.redis), "Redis does not answer")

    def await_ready(self) -> None:
        """Wait until every gateway is ready and sees every worker.

        Raises:
            LoadFailed: If that does not come to pass.
        """
        for program, port in zip(self.gateways, self.gateway_ports, strict=True):
            await_fact(
                lambda program=program, port=port: self._is_ready(program, port),  # type: ignore[misc]
                f"the gateway at port {port} is not ready",
            )

    def _is_ready(self, program: Program, port: int) -> bool:
        report = readiness(port) if program.pid else None
        if report is None or not report.ready:
            return False
        return report.load.grading_concurrency == len(self.workers)


@contextmanager
def running_cluster(
    logs: Path,
    *,
    data: Path,
    gateways: int,
    workers: int,
    sessions: int,
    redis_port: int | None = None,
    workers_redis_port: int | None = None,
) -> Iterator[Cluster]:
    """Start a cluster and wait until it is ready; it is gone when the block is left.

    Args:
        logs: Folder of the logs.
        data: Folder of what Redis writes.
        gateways: How many, at least 1.
        workers: How many, at least 1.
        sessions: How many there may be at once.
        redis_port: Where Redis is to listen; a free port when None.
        workers_redis_port: Where the workers find Redis; directly when None.

    Raises:
        LoadFailed: If it can not be started.
    """
    port = redis_port or free_port()
    url = f"redis://{HOST}:{port}/0"
    workers_url = f"redis://{HOST}:{workers_redis_port or port}/0"
    gateway_ports = tuple(free_port() for _ in range(gateways))
    cluster = Cluster(
        redis=_redis(port, data, logs),
        redis_port=port,
        gateways=tuple(_gateway(p, logs, url, sessions) for p in gateway_ports),
        gateway_ports=gateway_ports,
        workers=tuple(_worker(n, logs, workers_url) for n in range(workers)),
    )
    try:
        cluster.redis.start()
        cluster.await_redis()
        for program in (*cluster.workers, *cluster.gateways):
            program.start()
        cluster.await_ready()
        yield cluster
    finally:
        _end(cluster)


def await_fact(fact: Callable[[], bool], otherwise: str, within_s: float = STARTS_WITHIN_S) -> None:
    """Wait until something is so.

    Raises:
        LoadFailed: If it is not before the deadline.
    """
    give_up_s = monotonic() + within_s
    pause = Event()
    while not fact():
        if monotonic() > give_up_s:
            raise LoadFailed(f"{otherwise} after {within_s:g} s")
        pause.wait(LOOK_S)


def readiness(port: int) -> Ready | None:
    """Return what a gateway says of itself; None when it says nothing."""
    connection = HTTPConnection(HOST, port, timeout=ANSWER_S)
    try:
        connection.request("GET", "/readyz")
        return msgspec.json.decode(connection.getresponse().read(), type=Ready)
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def answers_ping(port: int, redis: Program) -> bool:
    """Say whether Redis answers and has read its file."""
    try:
        with socket.create_connection((HOST, port), timeout=ANSWER_S) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return redis.pid < 0


def free_port() -> int:
    """Return a loopback port nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _redis(port: int, data: Path, logs: Path) -> Program:
    binary = shutil.which("redis-server")
    if binary is None:
        raise LoadFailed(
            "there is no redis-server on PATH: install it (Debian: apt install redis-server), or "
            "name the gateways of a running cluster with --url"
        )
    return Program(
        *(binary, "--bind", HOST, "--port", str(port), "--dir", str(data), "--save", ""),
        *("--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"),
        environ={},
        log=logs / "redis.log",
    )


def _gateway(port: int, logs: Path, redis_url: str, sessions: int) -> Program:
    serve = (sys.executable, "-m", "uvicorn", "server.app:app", "--no-access-log")
    return Program(
        *(*serve, "--host", HOST, "--port", str(port), "--timeout-graceful-shutdown", "2"),
        environ={"REDIS_URL": redis_url, "MAX_CONCURRENT_ENVS": str(sessions)},
        log=logs / f"gateway-{port}.log",
    )


def _worker(number: int, logs: Path, redis_url: str) -> Program:
    return Program(
        *(sys.executable, "-m", "worker", "--concurrency", "1"),
        environ={"REDIS_URL": redis_url},
        log=logs / f"worker-{number}.log",
    )


def _end(cluster: Cluster) -> None:
    """Ask everybody to end, those first who lean on others; kill who does not."""
    late = []
    for program in reversed(cluster.programs()):
        try:
            program.stop()
        except LoadFailed as error:
            late.append(error)
    if late:
        raise late[0]
