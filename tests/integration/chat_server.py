"""A real local server that speaks the chat-completions API, as badly as it is told to."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[["Conversation"], None]


class Conversation:
    """One request and the way to answer it."""

    def __init__(self, http: BaseHTTPRequestHandler) -> None:
        self._http = http
        length = int(http.headers.get("content-length", "0"))
        self.path = http.path
        self.authorization = http.headers.get("authorization", "")
        self.body: dict[str, Any] = json.loads(http.rfile.read(length))
        self.at_s = time.monotonic()

    @property
    def prompt(self) -> str:
        return "\n".join(message["content"] for message in self.body["messages"])

    def answer(
        self, content: bytes, *, status: int = 200, kind: str = "application/json", **headers: str
    ) -> None:
        self._http.send_response(status)
        for name, value in {"content-type": kind, **headers}.items():
            self._http.send_header(name.replace("_", "-"), value)
        self._http.send_header("content-length", str(len(content)))
        self._http.end_headers()
        self._http.wfile.write(content)

    def hang_up(self) -> None:
        self._http.close_connection = True
        self._http.connection.close()


def says(text: str | None, *, finish_reason: str = "stop") -> Reply:
    completion = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish_reason,
                "message": {"role": "assistant", "content": text},
            }
        ],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
    }
    return lambda call: call.answer(json.dumps(completion).encode())


def fails(status: int, message: str = "no", *, param: str | None = None, **headers: str) -> Reply:
    body = json.dumps({"error": {"message": message, "param": param}}).encode()
    return lambda call: call.answer(body, status=status, **headers)


def sends(content: bytes, *, kind: str) -> Reply:
    return lambda call: call.answer(content, kind=kind)


def hangs(released: threading.Event) -> Reply:
    def reply(call: Conversation) -> None:
        released.wait(30)
        call.hang_up()

    return reply


def hangs_up() -> Reply:
    return lambda call: call.hang_up()


class ChatServer:
    """Answers with the replies in order, the last one for ever; remembers what it was asked."""

    def __init__(self, replies: list[Reply]) -> None:
        self.calls: list[Conversation] = []
        self.released = threading.Event()
        self._replies = replies
        self._lock = threading.Lock()
        outer = self

        class Http(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                outer.take(Conversation(self))

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing: the test's output is its own."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Http)
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def take(self, call: Conversation) -> None:
        with self._lock:
            reply = self._replies[min(len(self.calls), len(self._replies) - 1)]
            self.calls.append(call)
        reply(call)

    @contextmanager
    def running(self) -> Iterator["ChatServer"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield self
        finally:
            self.released.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()


@contextmanager
def chat_server(*replies: Reply) -> Iterator[ChatServer]:
    with ChatServer(list(replies)).running() as server:
        yield server


@contextmanager
def hanging_chat_server(*later: Reply) -> Iterator[ChatServer]:
    """Run a server that does not answer its first call, and goes on with `later`."""
    server = ChatServer([])
    server._replies.extend([hangs(server.released), *later])
    with server.running():
        yield server
