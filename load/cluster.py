"""A cluster of one's own on this machine: Redis, gateways and workers as child processes."""

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Final

import msgspec
from msgspec import Struct

from load.crowd import LoadFailed
from load.program import Program
from scripts.redis_binary import redis_binary

HOST: Final = "127.0.0.1"
STARTS_WITHIN_S: Final = 40.0
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
        await_fact(lambda: pinged(self.redis_port, self.redis))

    def await_whole(self) -> None:
        """Wait until every gateway answers and sees every worker, however busy they are.

        Raises:
            LoadFailed: If that does not come to pass.
        """
        for place in range(len(self.gateways)):
            await_fact(lambda place=place: self._missing(place))  # type: ignore[misc]

    def await_ready(self) -> None:
        """Wait until every gateway is ready for work, too.

        Raises:
            LoadFailed: If that does not come to pass.
        """
        self.await_whole()
        for place in range(len(self.gateways)):
            await_fact(lambda place=place: self._reasons(place))  # type: ignore[misc]

    def _missing(self, place: int) -> str:
        """Say what a gateway misses; nothing when it sees everybody."""
        report = readiness(self.gateway_ports[place], self.gateways[place])
        if report is None:
            return f"the gateway at port {self.gateway_ports[place]} does not answer"
        seen = report.load.grading_concurrency
        if seen == len(self.workers):
            return ""
        return f"a gateway sees {seen} of {len(self.workers)} workers, {', '.join(report.reasons)}"

    def _reasons(self, place: int) -> str:
        report = readiness(self.gateway_ports[place], self.gateways[place])
        if report is not None and report.ready:
            return ""
        return f"a gateway is not ready: {', '.join(report.reasons) if report else 'no answer'}"


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


def await_fact(missing: Callable[[], str], within_s: float = STARTS_WITHIN_S) -> None:
    """Wait until nothing is missing.

    Raises:
        LoadFailed: If something still is at the deadline, with what it is.
    """
    give_up_s = monotonic() + within_s
    pause = Event()
    while words := missing():
        if monotonic() > give_up_s:
            raise LoadFailed(f"{words}, after {within_s:g} s")
        pause.wait(LOOK_S)


def readiness(port: int, gateway: Program) -> Ready | None:
    """Return what a gateway says of itself; None when it says nothing.

    Raises:
        LoadFailed: If it has ended.
    """
    gateway.must_run()
    connection = HTTPConnection(HOST, port, timeout=ANSWER_S)
    try:
        connection.request("GET", "/readyz")
        return msgspec.json.decode(connection.getresponse().read(), type=Ready)
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def pinged(port: int, redis: Program) -> str:
    """Say that Redis does not answer, or has not read its file yet; nothing when it does.

    Raises:
        LoadFailed: If it has ended.
    """
    redis.must_run()
    answer = b""
    with suppress(OSError), socket.create_connection((HOST, port), timeout=ANSWER_S) as connection:
        connection.sendall(b"PING\r\n")
        answer = connection.recv(16)
    if answer.startswith(b"+PONG"):
        return ""
    return f"Redis at port {port} does not answer"


def free_port() -> int:
    """Return a loopback port nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _redis(port: int, data: Path, logs: Path) -> Program:
    binary = redis_binary()
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
