"""What lies outside the sandbox: bait for hostile programs, and proof that it was left alone."""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

MARK: Final = "corpus-mark"
"""Every file, key and name a hostile program leaves behind holds this."""
TOKEN_PREFIX: Final = "corpus-secret-"
SHARED_FOLDERS: Final = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", ".")
SEARCH_DEPTH: Final = 3
IPC_KEY: Final = 0x636F7270
"""The System V key hostile programs use."""
VICTIM: Final = (
    "import sys, time; secret = sys.argv[1] * 3; print('ready', flush=True); time.sleep(3600)"
)


class Outside:
    """A folder, a process and three listening sockets of the same user as the server.

    Everything in it holds `token` where a spy would look: a world-readable file, the process'
    memory and arguments, and this process' environment.
    """

    def __init__(self) -> None:
        self.token = TOKEN_PREFIX + secrets.token_hex(16)
        self._folder = Path(tempfile.mkdtemp(prefix="corpus-outside-"))
        self._folder.chmod(0o777)
        for name, mode in (("secret.txt", 0o644), ("notes.txt", 0o666)):
            (self._folder / name).write_text(self.token, encoding="utf-8")
            (self._folder / name).chmod(mode)
        self._variable = f"CORPUS_SECRET_{self.token[-8:]}"
        os.environ[self._variable] = self.token
        self._victim = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", VICTIM, self.token], stdout=subprocess.PIPE
        )
        assert self._victim.stdout is not None
        self._victim.stdout.readline()
        self._listeners = self._listen()
        self._caller_counts = dict.fromkeys(self._listeners, 0)
        self._before = self._state()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._victim.kill()
        self._victim.communicate()
        for listener in self._listeners.values():
            listener.close()
        shutil.rmtree(self._folder, ignore_errors=True)  # an unconfined program may have been first
        del os.environ[self._variable]

    @property
    def victim_pid(self) -> int:
        """The process nobody may signal, trace or read."""
        return self._victim.pid

    @property
    def server_pid(self) -> int:
        """The process all guests descend from: this one."""
        return os.getpid()

    def addresses(self) -> dict[str, Any]:
        """Return where everything is, as tests hand it to hostile programs."""
        return {
            "folder": str(self._folder),
            "server_pid": self.server_pid,
            "victim_pid": self._victim.pid,
            "tcp_port": self._listeners["tcp"].getsockname()[1],
            "unix_path": str(self._folder / "listener"),
            "abstract": self._listeners["abstract"].getsockname()[1:].decode(),
        }

    def changes(self) -> list[str]:
        """Return what differs from the start, one sentence each."""
        after = self._state()
        changed = [
            f"{what} was {before!r}, is {after[what]!r}"
            for what, before in self._before.items()
            if after[what] != before
        ]
        return changed + [f"{path} was left behind" for path in marked_files()]

    def forgive(self) -> None:
        """Take the present state as the one to keep, so that one program is blamed for it."""
        for path in marked_files():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self._before = self._state()

    def _listen(self) -> dict[str, socket.socket]:
        tcp = socket.create_server(("127.0.0.1", 0))
        path = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        path.bind(str(self._folder / "listener"))
        (self._folder / "listener").chmod(0o777)
        path.listen()
        abstract = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        abstract.bind(f"\0corpus-{secrets.token_hex(8)}")
        listeners = {"tcp": tcp, "unix": path, "abstract": abstract}
        for listener in listeners.values():
            listener.setblocking(False)
        return listeners

    def _callers(self) -> dict[str, int]:
        for name, listener in self._listeners.items():
            self._caller_counts[name] += arrived(listener)
        return dict(self._caller_counts)

    def _state(self) -> dict[str, Any]:
        return {
            "the folder": {
                path.name: (path.stat().st_mode, path.stat().st_uid, path.stat().st_nlink)
                for path in sorted(self._folder.iterdir())
            },
            "the files' text": [
                (self._folder / name).read_text(encoding="utf-8")
                for name in ("secret.txt", "notes.txt")
                if (self._folder / name).exists()
            ],
            "the victim": process_state(self._victim.pid),
            "this process": process_state(os.getpid()),
            "the callers": self._callers(),
            "the host's name": socket.gethostname(),
            "shared memory and queues": ipc_keys(),
            "the clock's offset": round((time.time() - time.monotonic()) / 5),
        }


def process_state(pid: int) -> tuple[Any, ...]:
    """Return what others could change of a process: life, priority, cores, limits, tracer."""
    folder = Path(f"/proc/{pid}")
    status = dict(
        line.split(":\t", 1)
        for line in (folder / "status").read_text().splitlines()
        if ":\t" in line
    )
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    alive = fields[0] in "RSD"
    return (
        alive,
        status["TracerPid"],
        status["Cpus_allowed"],
        fields[16],
        (folder / "limits").read_text(),
    )


def arrived(listener: socket.socket) -> int:
    """Take and count what reached a listener since the last look."""
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            if listener.type == socket.SOCK_STREAM:
                listener.accept()[0].close()
            else:
                listener.recv(1)
            count += 1
    return count


def ipc_keys() -> list[str]:
    """Return the System V objects that carry the corpus' key."""
    return [
        kind
        for kind in ("shm", "sem", "msg")
        if (table := Path(f"/proc/sysvipc/{kind}")).exists()
        and any(line.split()[0] == str(IPC_KEY) for line in table.read_text().splitlines()[1:])
    ]


def marked_files() -> list[Path]:
    """Return files hostile programs have left in folders that are open to all."""
    found = []
    for top in SHARED_FOLDERS:
        for folder, folders, files in os.walk(top):
            found += [Path(folder, name) for name in (*folders, *files) if MARK in name]
            if folder.removeprefix(top).count("/") >= SEARCH_DEPTH - 1:
                folders.clear()
    return found


def descendants(pid: int) -> set[int]:
    """Return every live process below `pid`, those that have ended but are unreaped left out."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if fields[0] not in "ZX":
                parents[int(entry.name)] = int(fields[1])
    family = {pid}
    while grown := {child for child, parent in parents.items() if parent in family} - family:
        family |= grown
    return family - {pid}
