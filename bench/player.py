"""One session on one keep-alive connection, with as little between it and the socket as will do."""

import itertools
import re
import socket
from typing import Final

import msgspec
from msgspec import Struct

from bench.bursts import Load, Phases

TASK_ID: Final = "bug_fix_session_windows"
_RECEIVED_BYTES: Final = 65536
_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_SESSION: Final = re.compile(rb"\r\nx-session-id: (\S+)", re.IGNORECASE)
_TIMING: Final = re.compile(
    rb"\r\nserver-timing: queue;dur=([\d.]+), sandbox;dur=([\d.]+), judge;dur=([\d.]+)",
    re.IGNORECASE,
)
_MS: Final = 1e-3


class WrongAnswer(Exception):
    """The server answered something that a right server does not answer here."""


class _Test(Struct, frozen=True):
    name: str
    passed: bool
    message: str
    outcome: str


class _Observation(Struct, frozen=True):
    errors: str
    visible_tests: tuple[_Test, ...]


class _Turn(Struct, frozen=True):
    observation: _Observation
    done: bool


class Reply(Struct, frozen=True, kw_only=True):
    """A whole response. `kind` is the request's: `reset` or an action type."""

    kind: str
    head: bytes
    body: bytes

    def phases(self) -> Phases:
        """Return where the server says the time went.

        Raises:
            WrongAnswer: If it does not say.
        """
        timing = _TIMING.search(self.head)
        if timing is None:
            raise WrongAnswer("the response has no Server-Timing header of the known form")
        queue, sandbox, judge = (float(part) * _MS for part in timing.groups())
        return Phases(queue, sandbox, judge)


class Player:
    """Plays episodes: a reset, the reference by `edit_code`, then one action until steps run out.

    Its session outlives its connections.

    Args:
        address: Of the server.
        reference: A solution of the task.
    """

    def __init__(self, address: tuple[str, int], *, reference: str) -> None:
        self._address = address
        self._host = f"{address[0]}:{address[1]}"
        self._reference = reference
        self._load: Load = "run_tests"
        self.socket = socket.socket()
        self._numbers = itertools.count()
        self._session = ""
        self._asked = ""
        self._received = bytearray()
        self._run_tests = b""

    def connect(self, load: Load) -> None:
        """Connect anew, to repeat `load` from now on."""
        self._load = load
        self._upcoming = "reset"
        self.socket.close()
        self.socket = socket.create_connection(self._address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> None:
        """Send the next request of the episode."""
        self._asked = self._upcoming
        if self._asked == "reset":
            request = self._request("/reset", {"task_id": TASK_ID})
        elif self._asked == "run_tests":
            request = self._run_tests
        else:
            request = self._step({"action_type": "edit_code", "code": self._code()})
        self.socket.sendall(request)

    def receive(self) -> Reply | None:
        """Read what has arrived; return the response once it is whole.

        Raises:
            WrongAnswer: If the server hung up, or it is no response.
        """
        arrived = self.socket.recv(_RECEIVED_BYTES)
        if not arrived:
            raise WrongAnswer("the server closed the connection")
        self._received += arrived
        end = self._received.find(_HEAD_END)
        if end < 0:
            return None
        head = bytes(self._received[:end])
        length = _LENGTH.search(head)
        if length is None:
            raise WrongAnswer(f"a response without a length: {head[:80]!r}")
        start = end + len(_HEAD_END)
        if len(self._received) < start + int(length[1]):
            return None
        body = bytes(self._received[start:])
        self._received.clear()
        return Reply(kind=self._asked, head=head, body=body)

    def digest(self, reply: Reply) -> None:
        """Check a response and decide on the next request.

        Raises:
            WrongAnswer: If it is a refusal, or a right solution was not judged to be right.
        """
        if not reply.head.startswith(b"HTTP/1.1 200"):
            raise WrongAnswer(
                f"{reply.kind} was answered {reply.head[:40]!r}: {reply.body[:300]!r}"
            )
        turn = msgspec.json.decode(reply.body, type=_Turn)
        if reply.kind == "reset":
            self._take_session(reply)
            self._upcoming = "edit_code"
            return
        seen = turn.observation
        if not seen.visible_tests or not all(test.passed for test in seen.visible_tests):
            raise WrongAnswer(f"the reference failed after {reply.kind}: {seen}")
        self._upcoming = "reset" if turn.done else self._load

    def close(self) -> None:
        """Hang up; an unfinished response is forgotten."""
        self.socket.close()
        self._received.clear()

    def _take_session(self, reply: Reply) -> None:
        named = _SESSION.search(reply.head)
        if named is None:
            raise WrongAnswer("a reset was answered without a session id")
        self._session = named[1].decode()
        self._run_tests = self._step({"action_type": "run_tests"})

    def _code(self) -> str:
        if self._load != "edit_code":
            return self._reference
        return f"{self._reference}\n# {self._session} {next(self._numbers)}\n"

    def _step(self, action: dict[str, str]) -> bytes:
        return self._request("/step", {"action": action})

    def _request(self, path: str, content: object) -> bytes:
        body = msgspec.json.encode(content)
        session = f"X-Session-Id: {self._session}\r\n" if self._session else ""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n"
            f"{session}Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body
