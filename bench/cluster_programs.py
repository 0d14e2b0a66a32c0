"""Starts Redis, workers and the helpers that measure them, and ends them on every path."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from redis import Redis
from redis.exceptions import RedisError
from rq import Worker

from bench.programs import HOST, ROOT, BenchFailed, end, free_port

_START_S: Final = 30.0
_LOOK_S: Final = 0.02


class Teller:
    """A process that answers each line on stdin by a number on stdout."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self) -> float:
        """Ask and wait for the answer.

        Raises:
            BenchFailed: If the process ended instead.
        """
        assert self._process.stdin is not None  # noqa: S101 - asked for below
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self.told()

    def told(self) -> float:
        """Wait for a number.

        Raises:
            BenchFailed: If the process ended instead.
        """
        assert self._process.stdout is not None  # noqa: S101 - asked for below
        line = self._process.stdout.readline()
        if not line:
            raise BenchFailed(f"{self._process.args!r} ended without an answer")
        return float(line)


@contextmanager
def running_redis(binary: str, folder: Path) -> Iterator[int]:
    """Run a Redis as a cluster has it, with an append-only file; give its port.

    Raises:
        BenchFailed: If it does not start.
    """
    port = free_port()
    durable = ("--save", "", "--appendonly", "yes", "--appendfsync", "everysec")
    process = subprocess.Popen(
        [binary, "--bind", HOST, "--port", str(port), "--dir", str(folder), *durable],
        stdout=subprocess.DEVNULL,
    )
    try:
        with Redis.from_url(url_of(port)) as redis:
            _until(lambda: _answers(redis), "redis-server did not start")
        yield port
    finally:
        end(process)


def url_of(port: int) -> str:
    """Return the URL of a Redis on this machine."""
    return f"redis://{HOST}:{port}/0"


@contextmanager
def running_workers(url: str, count: int, *, log: Path) -> Iterator[None]:
    """Run `python -m worker --concurrency count` for a Redis until all of them are there.

    Raises:
        BenchFailed: If they do not come.
    """
    with log.open("ab") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "worker", "--concurrency", str(count)],
            cwd=ROOT,
            env={"PATH": os.defpath, "REDIS_URL": url},
            stdout=lines,
            stderr=lines,
        )
    try:
        with Redis.from_url(url) as redis:
            _until(lambda: Worker.count(redis) == count, f"workers did not start: see {log}")
        yield
    finally:
        end(process)


@contextmanager
def teller(module: str, *arguments: str) -> Iterator[Teller]:
    """Run `python -m MODULE ARGUMENTS` for as long as it is needed."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Teller(process)
        finally:
            process.kill()


def _answers(redis: Redis) -> bool:
    try:
        return bool(redis.ping())
    except RedisError:
        return False


def _until(fact: Callable[[], bool], complaint: str) -> None:
    give_up_s = time.monotonic() + _START_S
    while not fact():
        if time.monotonic() > give_up_s:
            raise BenchFailed(complaint)
        time.sleep(_LOOK_S)
