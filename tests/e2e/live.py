"""Start the real server as its users do, on a free loopback port, and stop it by its own pid."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.tree import ROOT

START_DEADLINE_S = 30.0
STOP_DEADLINE_S = 10.0


@dataclass(frozen=True, kw_only=True)
class LiveServer:
    """A server that has answered /health once."""

    url: str
    pid: int


def free_port() -> int:
    """Return a loopback port nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(url: str, *, deadline_s: float, process: subprocess.Popen[bytes]) -> None:
    """Return when /health answers 200.

    Raises:
        AssertionError: If the process ended or the deadline passed first.
    """
    give_up = time.monotonic() + deadline_s
    while time.monotonic() < give_up:
        assert process.poll() is None, f"the server left with status {process.returncode}"
        try:
            if httpx.get(f"{url}/health", timeout=2.0).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"no answer from {url}/health within {deadline_s:g} s")


@contextmanager
def serving(
    environment: Mapping[str, str] | None = None, *, log_to: Path | None = None, processes: int = 1
) -> Iterator[LiveServer]:
    """Run the server in processes of its own; its log is shown when it did not start."""
    port = free_port()
    argv = [sys.executable, "-m", "uvicorn", "server.app:app"]
    argv += ["--host", "127.0.0.1", "--port", str(port), "--no-access-log"]
    argv += ["--timeout-graceful-shutdown", "2", "--workers", str(processes)]
    with log_to.open("w+b") if log_to else tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            argv,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_healthy(url, deadline_s=START_DEADLINE_S, process=process)
            yield LiveServer(url=url, pid=process.pid)
        except BaseException:
            log.seek(0)
            sys.stderr.write(log.read().decode(errors="replace"))
            raise
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the process to end, then make it."""
    process.terminate()
    try:
        process.wait(STOP_DEADLINE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise AssertionError(f"the server ignored SIGTERM for {STOP_DEADLINE_S:g} s") from None
