"""A real server in a session of its own, so that whatever it leaves behind can be told."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import msgspec

from tests.e2e.live import START_DEADLINE_S, free_port, stop, wait_until_healthy
from tests.tree import ROOT

_LINE_S = 2.0
"""How long a line may be in the writing, seconds."""
_BUGS = ("request_failed", "frame_failed")
_CALLERS_FAULTS = ("Invalid UTF-8 sequence received from client.",)
"""What uvicorn logs with a traceback although it has answered it properly."""
_BEFORE_ITS_LOG = "INFO: "
"""How the HTTP server begins its lines until the application has set up the log."""


@dataclass(frozen=True, kw_only=True)
class ServerProcess:
    """A server that has answered once; its process id is also that of its session."""

    pid: int
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws"

    def logged_bytes(self) -> int:
        """Say how much it has written so far, in whole lines."""
        return self.log.read_bytes().rfind(b"\n") + 1

    def bugs(self, *, after_bytes: int = 0) -> list[str]:
        """Give the lines of its output that tell of a bug, or that nobody meant to write."""
        give_up_s = monotonic() + _LINE_S
        while not (text := self.log.read_bytes()[after_bytes:].decode()).endswith("\n"):
            if not text or monotonic() > give_up_s:
                break
            sleep(0.01)  # a line is in the writing
        return [line for line in text.splitlines() if _tells_of_a_bug(line)]


def _tells_of_a_bug(line: str) -> bool:
    try:
        entry = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return not line.startswith(_BEFORE_ITS_LOG)
    if entry["event"] in _CALLERS_FAULTS:
        return False
    return entry["event"] in _BUGS or "Traceback" in line or "Exception" in entry["event"]


@contextmanager
def server_process(log: Path, environment: Mapping[str, str]) -> Iterator[ServerProcess]:
    """Run a server until the end of the block, then ask it to end."""
    port = free_port()
    serve = [sys.executable, "-m", "uvicorn", "server.app:app", "--no-access-log"]
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [*serve, "--port", str(port), "--timeout-graceful-shutdown", "2"],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=lines,
            start_new_session=True,
        )
    try:
        server = ServerProcess(pid=process.pid, port=port, log=log)
        wait_until_healthy(server.url, deadline_s=START_DEADLINE_S, process=process)
        yield server
    finally:
        stop(process)


def members(session_id: int) -> list[int]:
    """List the processes of a session, wherever in the tree they are.

    Source: proc_pid_stat(5), field 6.
    """
    return [int(entry.name) for entry in Path("/proc").iterdir() if _session(entry) == session_id]


def _session(entry: Path) -> int | None:
    if not entry.name.isdecimal():
        return None
    try:
        text = (entry / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, _, _, session, *_ = text.rpartition(")")[2].split()
    return int(session) if state != "Z" else None
