"""Whatever comes by HTTP, a running server answers as documented, logs no bug and never hangs."""

import http.client
import random
import re
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gateway.operations import Operation, operations_in
from tests.load.process_session import ServerProcess, server_process

CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
INTERNAL_SERVER_ERROR = 500
REQUEST_DEADLINE_S = 30.0
EXAMPLES = 30
MUTANTS = 250
BODY_LIMIT_BYTES = 65536
SLOW_CONNECTIONS = 64
ENVIRONMENT = {"MAX_CONCURRENT_ENVS": "1000000", "MAX_BODY_BYTES": str(BODY_LIMIT_BYTES)}
FIXED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
STEP = b'{"action": {"action_type": "run_tests"}}'
RESET = b'{"task_id": "bug_fix_session_windows"}'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    log = tmp_path_factory.mktemp("fuzz") / "server.log"
    with server_process(log, ENVIRONMENT) as server:
        yield server


@pytest.fixture(autouse=True)
def still_well(server: ServerProcess) -> Iterator[None]:
    """After each test the server plays an episode and has logged no bug."""
    logged_bytes = server.logged_bytes()
    yield
    with httpx.Client(base_url=server.url, timeout=REQUEST_DEADLINE_S) as client:
        begun = client.post("/reset", content=RESET, headers={"content-type": "application/json"})
        session = {"X-Session-Id": begun.headers["X-Session-Id"]}
        stepped = client.post(
            "/step", json={"action": {"action_type": "run_tests"}}, headers=session
        )
    assert stepped.json()["observation"]["visible_tests"]
    assert server.bugs(after_bytes=logged_bytes) == []


@pytest.fixture(scope="module")
def document(server: ServerProcess) -> Any:
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json")


OPERATIONS = operations_in("simulation")
ASKED = [(operation, GenerationMode.POSITIVE) for operation in OPERATIONS]
ASKED += [(operation, GenerationMode.NEGATIVE) for operation in OPERATIONS if operation.body]


@pytest.mark.parametrize(
    ("operation", "mode"), ASKED, ids=[f"{mode.value} {it.path}" for it, mode in ASKED]
)
def test_every_answer_to_a_request_of_the_document_or_near_it_is_a_documented_one(
    document: Any, operation: Operation, mode: GenerationMode
) -> None:
    described = document[operation.path][operation.method.upper()]

    @given(case=described.as_strategy(generation_mode=mode))
    @FIXED
    def ask(case: Any) -> None:
        reply = case.call(timeout=REQUEST_DEADLINE_S)

        assert reply.status_code != INTERNAL_SERVER_ERROR, reply.text
        case.validate_response(reply, checks=CHECKS)

    ask()


def request(method: str, path: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: fuzz", *headers]
    if body and not any(header.lower().startswith("content-length") for header in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


GRADE_BODY = (
    b'{"code": "def f(x):\\n    return x\\n", "task": {"kind": "bug_fix", "entry_points": ["f"], '
    b'"public_tests": "from solution import f\\ndef test_f():\\n    assert f(1) == 1\\n"}}'
)
JSON = "Content-Type: application/json"
CLOSE = "Connection: close"
GRADE = request("POST", "/grade", GRADE_BODY, JSON)
UPGRADE = ("Upgrade: websocket", "Connection: Upgrade")
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
VERSION = "Sec-WebSocket-Version: 13"
GARBAGE = {
    "nothing": b"",
    "empty lines": b"\r\n\r\n\r\n\r\n",
    "no http": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
    "http of the future": b"GET / HTTP/9.9\r\n\r\n",
    "http of the past": b"GET /health\r\n\r\n",
    "no method": b" /health HTTP/1.1\r\n\r\n",
    "unknown method": request("BREW", "/step"),
    "zero in a header": b"GET /health HTTP/1.1\r\nHost: a\x00b\r\n\r\n",
    "header without a colon": b"GET /health HTTP/1.1\r\nHost\r\n\r\n",
    "folded header": b"GET /health HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
    "huge header": request("GET", "/health", b"", "X: " + "x" * 300_000),
    "many headers": request("GET", "/health", b"", *(f"X-{n}: {n}" for n in range(5000))),
    "huge path": request("GET", "/" + "x" * 100_000, b"", CLOSE),
    "path of dots": request("GET", "/../../etc/passwd", b"", CLOSE),
    "path with zero": request("GET", "/tasks/%00", b"", CLOSE),
    "path of no text": request("GET", "/tasks/%ff%fe", b"", CLOSE),
    "path of bytes": b"GET /tasks/\xff\xfe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "path with a bad escape": request("GET", "/tasks/%zz%", b"", CLOSE),
    "whole address": request("GET", "http://elsewhere/health", b"", CLOSE),
    "star": request("OPTIONS", "*", b"", CLOSE),
    "connect": request("CONNECT", "elsewhere:443", b"", CLOSE),
    "query of no text": request("GET", "/state?session_id=%ff%00&&==&session_id", b"", CLOSE),
    "session of no text": request("GET", "/state", b"", "X-Session-Id: \xff\xfe", CLOSE),
    "cut body": request("POST", "/step", STEP, JSON, "Content-Length: 4000"),
    "body longer than told": request("POST", "/reset", RESET, JSON, "Content-Length: 2"),
    "negative length": request("POST", "/step", STEP, JSON, "Content-Length: -1"),
    "length of words": request("POST", "/step", STEP, JSON, "Content-Length: many"),
    "huge length": request("POST", "/step", STEP, JSON, "Content-Length: 99999999999999999999"),
    "two lengths": request("POST", "/step", STEP, "Content-Length: 2", "Content-Length: 40"),
    "length and chunks": request(
        "POST", "/step", STEP, JSON, "Content-Length: 40", "Transfer-Encoding: chunked"
    ),
    "unknown coding": request("POST", "/step", STEP, JSON, "Transfer-Encoding: gzip, snow"),
    "chunks of words": request(
        "POST", "/step", b"many\r\nxx\r\n0\r\n\r\n", "Transfer-Encoding: chunked"
    ),
    "chunk cut off": request("POST", "/step", b"ff\r\n{", JSON, "Transfer-Encoding: chunked"),
    "chunk of terabytes": request(
        "POST", "/step", b"fffffffffff\r\n{", JSON, "Transfer-Encoding: chunked"
    ),
    "waits for 100": request(
        "POST", "/step", b"", JSON, "Content-Length: 9", "Expect: 100-continue"
    ),
    "body beyond the limit": request("POST", "/grade", b"x" * (BODY_LIMIT_BYTES + 1), JSON, CLOSE),
    "chunks beyond the limit": request(
        "POST", "/grade", b"1000\r\n" + b"x" * 4096 + b"\r\n", JSON, "Transfer-Encoding: chunked"
    )
    + (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 32
    + b"0\r\n\r\n",
    "body where none belongs": request("GET", "/health", STEP, JSON, CLOSE),
    "body in utf-16": request("POST", "/step", STEP.decode().encode("utf-16"), JSON, CLOSE),
    "body of no text": request("POST", "/reset", b"\xff\xfe\xfd", JSON, CLOSE),
    "deep body": request("POST", "/reset", b"[" * 60_000, JSON, CLOSE),
    "deep action": request(
        "POST", "/step", b'{"action":' * 6_000 + b"1" + b"}" * 6_000, JSON, CLOSE
    ),
    "deep call": request("POST", "/mcp", b'{"params":' * 6_000, JSON, CLOSE),
    "deep submission": request(
        "POST",
        "/step",
        b'{"action": {"action_type": "edit_code", "code": "' + b"(" * 50_000 + b'"}}',
        JSON,
        CLOSE,
    ),
    "huge number": request("POST", "/reset", b'{"seed": ' + b"9" * 50_000 + b"}", JSON, CLOSE),
    "endless float": request("POST", "/reset", b'{"seed": 1e999999}', JSON, CLOSE),
    "lone surrogate": request("POST", "/reset", b'{"task_id": "\\ud800"}', JSON, CLOSE),
    "surrogate as code": request(
        "POST",
        "/step",
        b'{"action": {"action_type": "edit_code", "code": "\\udfff"}}',
        JSON,
        CLOSE,
    ),
    "key twice": request("POST", "/reset", b'{"seed": 1, "seed": "x"}', JSON, CLOSE),
    "odd content type": request("POST", "/step", STEP, "Content-Type: \xff;;==,application/json"),
    "socket without a key": request("GET", "/ws", b"", *UPGRADE, VERSION),
    "socket with a bad key": request("GET", "/ws", b"", *UPGRADE, VERSION, "Sec-WebSocket-Key: x"),
    "socket of old": request("GET", "/ws", b"", *UPGRADE, KEY, "Sec-WebSocket-Version: 7"),
    "socket where none is": request("GET", "/step", b"", *UPGRADE, KEY, VERSION),
    "socket by post": request("POST", "/ws", STEP, *UPGRADE, KEY, VERSION),
    "page where a socket is": request("GET", "/ws", b"", CLOSE),
    "http 2 asked for": request("GET", "/health", b"", "Upgrade: h2c", "Connection: Upgrade"),
    "http 2 at once": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00" * 64,
    "one request inside another": request("POST", "/reset", request("GET", "/health"), JSON),
}


def statuses(server: ServerProcess, sent: bytes, *, half_closed: bool) -> list[int]:
    """Send bytes and read until the server hangs up; give the status of each answer.

    Raises:
        TimeoutError: If the server neither answers nor hangs up in time.
    """
    address = ("127.0.0.1", server.port)
    received = b""
    with socket.create_connection(address, timeout=REQUEST_DEADLINE_S) as connection:
        try:
            connection.sendall(sent)
            if half_closed:
                connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                received += chunk
        except TimeoutError:
            raise
        except OSError:
            pass  # it has hung up on what it does not want to read
    return [int(status) for status in STATUS.findall(received)]


@pytest.mark.parametrize("sent", GARBAGE.values(), ids=GARBAGE)
def test_no_bytes_make_the_server_fail_or_wait_for_ever(server: ServerProcess, sent: bytes) -> None:
    assert INTERNAL_SERVER_ERROR not in statuses(server, sent, half_closed=True)


@pytest.mark.parametrize("name", [name for name, sent in GARBAGE.items() if CLOSE.encode() in sent])
def test_a_whole_request_is_answered_once_and_the_connection_closed(
    server: ServerProcess, name: str
) -> None:
    (answer,) = statuses(server, GARBAGE[name], half_closed=False)

    assert answer != INTERNAL_SERVER_ERROR


@given(seed=st.integers(0, 2**32))
@settings(FIXED, max_examples=MUTANTS)
def test_no_damaged_request_makes_the_server_fail(server: ServerProcess, seed: int) -> None:
    damage = random.Random(seed)
    sent = bytearray(damage.choice((request("POST", "/step", STEP, JSON), GRADE)))
    for _ in range(damage.randint(1, 6)):
        start = damage.randrange(len(sent))
        end = min(len(sent), start + damage.choice((0, 1, 1, 2, 9)))
        sent[start:end] = damage.randbytes(damage.choice((0, 1, 1, 3)))

    assert INTERNAL_SERVER_ERROR not in statuses(server, bytes(sent), half_closed=True)


def test_connections_that_dawdle_keep_nobody_waiting(server: ServerProcess) -> None:
    whole = request("POST", "/reset", RESET, JSON, CLOSE)
    address = ("127.0.0.1", server.port)
    slow = [
        socket.create_connection(address, timeout=REQUEST_DEADLINE_S)
        for _ in range(SLOW_CONNECTIONS)
    ]
    try:
        for place in range(0, len(whole), 16):
            for connection in slow:
                connection.sendall(whole[place : place + 16])
            assert httpx.get(f"{server.url}/health", timeout=REQUEST_DEADLINE_S).is_success
        for connection in slow:
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            assert answer.status == httpx.codes.OK
    finally:
        for connection in slow:
            connection.close()


def test_requests_sent_ahead_are_answered_in_order(server: ServerProcess) -> None:
    sent = b"".join(
        [
            request("GET", "/health"),
            request("POST", "/reset", RESET, JSON),
            request("GET", "/nowhere"),
            request("GET", "/livez", b"", CLOSE),
        ]
    )

    assert statuses(server, sent, half_closed=False) == [200, 200, 404, 200]
