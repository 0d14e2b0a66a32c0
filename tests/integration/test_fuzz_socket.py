"""Whatever comes by socket, a running server fails at nothing, hangs nowhere and plays on."""

import json
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.load.process_session import ServerProcess, server_process

REPLY_DEADLINE_S = 30.0
FRAME_LIMIT_BYTES = 65536
HARD_LIMIT_BYTES = 16 * 1024 * 1024
"""Where the socket itself ends: server/app.py and uvicorn's default."""
ENVIRONMENT = {"MAX_CONCURRENT_ENVS": "64", "MAX_BODY_BYTES": str(FRAME_LIMIT_BYTES)}
FIXED = settings(
    deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
)
CODES = {"INVALID_JSON", "UNKNOWN_TYPE", "VALIDATION_ERROR", "EXECUTION_ERROR", "SESSION_ERROR"}
OUR_FAULT = ("Internal error", "Grading failed")

MESSAGE_TOO_BIG = 1009

Frame = str | bytes

RESET = '{"type": "reset", "data": {"task_id": "bug_fix_session_windows"}}'
RUN_TESTS = '{"type": "step", "data": {"action_type": "run_tests"}}'
STATE = '{"type": "state"}'


def edited(code: str) -> str:
    return json.dumps({"type": "step", "data": {"action_type": "edit_code", "code": code}})


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
actions = st.sampled_from(["analyze_code", "edit_code", "run_tests", "submit_solution"])
valid = st.sampled_from([RESET, RUN_TESTS, STATE, edited("x = 1\n"), edited("def f(:\n")])
near_valid = st.one_of(
    st.builds(lambda data: json.dumps({"type": "reset", "data": data}), anything),
    st.builds(lambda data: json.dumps({"type": "step", "data": data}), anything),
    st.builds(lambda data: json.dumps({"type": "mcp", "data": data}), anything),
    st.builds(lambda kind, extra: json.dumps({"type": kind, "x": extra}), actions, anything),
    st.builds(
        lambda action, code: json.dumps(
            {"type": "step", "data": {"action_type": action, "code": code}}
        ),
        actions | anything,
        anything,
    ),
    st.builds(edited, st.text(max_size=60)),
)
DEPTH = FRAME_LIMIT_BYTES // 16
malformed = st.one_of(
    st.text(max_size=40),
    st.builds(json.dumps, anything),
    st.sampled_from(
        [
            "",
            "{",
            '"\\ud800"',
            '{"type": "\\ud800"}',
            '{"type": "reset", "type": "state"}',
            '{"type": ["reset"]}',
            '{"type": {"reset": 1}}',
            '{"type": "step", "data": {"action_type": "edit_code", "code": "\\udfff"}}',
            '{"type": "reset", "data": {"seed": 1e999999}}',
            '{"type": "reset", "data": {"seed": -Infinity, "index": NaN}}',
            '{"type": "reset", "data": {"seed": ' + "9" * 20_000 + "}}",
            "[" * DEPTH,
            "[" * DEPTH + "]" * DEPTH,
            '{"a":' * DEPTH + "1" + "}" * DEPTH,
            '{"type": "reset", "data": ' + "[" * DEPTH + "]" * DEPTH + "}",
            '{"type": "reset", "data": {"seed": ' + "[" * DEPTH + "]" * DEPTH + "}}",
            edited("(" * 50_000),
            edited("-" * 50_000 + "1"),
            edited("x = " + "9" * 50_000),
            edited("f(" * 10_000 + ")" * 10_000),
            edited("\0" * 1000),
            "x" * FRAME_LIMIT_BYTES,
            "x" * (FRAME_LIMIT_BYTES + 1),
            "\u20ac" * (FRAME_LIMIT_BYTES // 2),
        ]
    ),
)
binary = st.binary(max_size=40) | st.just(RESET.encode()) | st.just(b"\0" * 100_000)
frames: st.SearchStrategy[Frame] = st.one_of(valid, near_valid, malformed, binary)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    log = tmp_path_factory.mktemp("fuzz") / "server.log"
    with server_process(log, ENVIRONMENT) as server:
        yield server
        assert server.bugs() == []


def opened(server: ServerProcess) -> ClientConnection:
    return connect(server.socket_url, compression=None, max_size=None)


def reply_to(connection: ClientConnection, frame: Frame) -> Any:
    connection.send(frame)
    return json.loads(connection.recv(timeout=REPLY_DEADLINE_S))


def plays(server: ServerProcess) -> bool:
    """Say whether a fresh socket plays a step with a verdict."""
    with opened(server) as connection:
        begun, stepped = reply_to(connection, RESET), reply_to(connection, RUN_TESTS)
    return begun["type"] == stepped["type"] == "observation" and any(
        test["passed"] for test in stepped["data"]["observation"]["visible_tests"]
    )


def check(reply: Any) -> None:
    """A reply is an answer, or an error of the documented kinds that blames the caller."""
    assert reply["type"] in {"observation", "state", "mcp", "error"}
    if reply["type"] == "error":
        assert reply["data"]["code"] in CODES
        assert not reply["data"]["message"].startswith(OUR_FAULT)


@given(sent=st.lists(frames, min_size=1, max_size=6))
@example(sent=[RESET, RUN_TESTS, b"\0", STATE])
@example(sent=[RUN_TESTS, RESET, "{", RUN_TESTS, "x" * (FRAME_LIMIT_BYTES + 1), RUN_TESTS])
@settings(FIXED, max_examples=200)
def test_every_frame_is_answered_and_a_fresh_socket_plays(
    server: ServerProcess, sent: list[Frame]
) -> None:
    with opened(server) as connection, suppress(ConnectionClosed):
        for frame in sent:
            reply = reply_to(connection, frame)
            check(reply)
            if reply["type"] == "error" and reply["data"]["code"] == "SESSION_ERROR":
                with pytest.raises(ConnectionClosed):
                    connection.recv(timeout=REPLY_DEADLINE_S)
                break
        else:
            assert reply_to(connection, RESET)["type"] == "observation"

    assert plays(server)


@given(sent=st.lists(valid | near_valid, min_size=2, max_size=12))
@settings(FIXED, max_examples=40)
def test_frames_sent_ahead_are_answered_one_by_one_and_in_order(
    server: ServerProcess, sent: list[str]
) -> None:
    with opened(server) as connection:
        for frame in [*sent, STATE]:
            connection.send(frame)
        replies = [json.loads(connection.recv(timeout=REPLY_DEADLINE_S)) for _ in sent]
        last = json.loads(connection.recv(timeout=REPLY_DEADLINE_S))

    for reply in replies:
        check(reply)
    assert last["type"] == "state"


@given(sent=st.lists(valid, min_size=1, max_size=4))
@settings(FIXED, max_examples=40)
def test_whoever_leaves_without_an_answer_leaves_nothing_behind(
    server: ServerProcess, sent: list[str]
) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        shake_hands(raw)
        for frame in sent:
            raw.sendall(masked(TEXT, frame.encode()))

    assert plays(server)


TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
CONTINUED = 0x00
UNFINISHED_TEXT = 0x01
MASK = b"\x01\x02\x03\x04"


def masked(first: int, content: bytes, *, mask: bytes = MASK) -> bytes:
    """Return one frame. Source: RFC 6455, section 5.2."""
    hidden = bytes(byte ^ mask[place % 4] for place, byte in enumerate(content))
    return head(first, len(content)) + mask + hidden


def head(first: int, size: int, *, mask_bit: int = 0x80) -> bytes:
    if size < 126:
        return struct.pack("!BB", first, mask_bit | size)
    if size < 65536:
        return struct.pack("!BBH", first, mask_bit | 126, size)
    return struct.pack("!BBQ", first, mask_bit | 127, size)


def shake_hands(raw: socket.socket) -> None:
    raw.settimeout(REPLY_DEADLINE_S)
    raw.sendall(
        b"GET /ws HTTP/1.1\r\nHost: fuzz\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    received = b""
    while not received.endswith(b"\r\n\r\n"):
        received += raw.recv(1)
    assert received.startswith(b"HTTP/1.1 101 ")


BROKEN_FRAMES = {
    "no mask": head(TEXT, 17, mask_bit=0) + STATE.encode(),
    "reserved bits": masked(TEXT | 0x70, STATE.encode()),
    "reserved kind": masked(0x83, STATE.encode()),
    "reserved control": masked(0x8F, b""),
    "continues nothing": masked(CONTINUED | 0x80, b"x"),
    "begins twice": masked(UNFINISHED_TEXT, b"{") + masked(TEXT, b"}"),
    "control in pieces": masked(PING & 0x0F, b"x"),
    "control too long": masked(PING, b"x" * 126),
    "length with a sign": b"\x81\xff" + b"\xff" * 8 + MASK,
    "length of gigabytes": b"\x81\xff" + struct.pack("!Q", 2**40) + MASK + b"x" * 1000,
    "length beyond the hard limit": head(TEXT, HARD_LIMIT_BYTES + 1) + MASK + b"x" * 100_000,
    "length in too many bytes": b"\x81\xfe\x00\x01" + MASK + b"x",
    "cut header": b"\x81\xfe",
    "cut frame": masked(TEXT, RESET.encode())[:-9],
    "no text": masked(TEXT, b"\xff\xfe\xfd"),
    "text cut in a character": masked(TEXT, "€".encode()[:2]),
    "close without a word": masked(CLOSE, b""),
    "close of one byte": masked(CLOSE, b"\x03"),
    "close of a reserved code": masked(CLOSE, struct.pack("!H", 1005)),
    "close of no text": masked(CLOSE, struct.pack("!H", 1000) + b"\xff\xfe"),
    "frames after close": masked(CLOSE, b"\x03\xe8") + masked(TEXT, RESET.encode()) * 5,
    "http again": b"GET /health HTTP/1.1\r\nHost: fuzz\r\n\r\n",
    "pings": masked(PING, b"x" * 125) * 500,
    "pongs unasked": masked(PONG, b"y") * 500,
    "empty pieces": masked(UNFINISHED_TEXT, b"") + masked(CONTINUED, b"") * 500,
    "noise": bytes((place * 7919) % 251 for place in range(5000)),
}


@pytest.mark.parametrize("sent", BROKEN_FRAMES.values(), ids=BROKEN_FRAMES)
def test_a_broken_frame_ends_its_own_socket_alone(server: ServerProcess, sent: bytes) -> None:
    with opened(server) as bystander:
        assert reply_to(bystander, RESET)["type"] == "observation"
        with socket.create_connection(("127.0.0.1", server.port)) as raw:
            shake_hands(raw)
            with suppress(ConnectionError):
                raw.sendall(sent)
            with suppress(OSError):  # the server may have hung up by now
                raw.shutdown(socket.SHUT_WR)
            with suppress(ConnectionResetError):
                while raw.recv(65536):
                    pass
        assert reply_to(bystander, RUN_TESTS)["type"] == "observation"

    assert plays(server)


def test_a_frame_in_pieces_with_pings_between_is_one_frame(server: ServerProcess) -> None:
    whole = STATE.encode()
    pieces = [masked(UNFINISHED_TEXT, whole[:1])]
    for place in range(1, len(whole) - 1):
        pieces += [masked(PING, b""), masked(CONTINUED, whole[place : place + 1])]
    pieces.append(masked(CONTINUED | 0x80, whole[-1:]))
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        shake_hands(raw)
        for piece in pieces:
            raw.sendall(piece)
        received = b""
        while b'"step_count"' not in received:
            chunk = raw.recv(65536)
            assert chunk, received
            received += chunk

    assert b'"type":"state"' in received


def test_a_frame_beyond_the_hard_limit_ends_the_socket_before_it_has_come(
    server: ServerProcess,
) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        shake_hands(raw)
        raw.sendall(head(TEXT, HARD_LIMIT_BYTES + 1) + MASK)
        received = b""
        while chunk := raw.recv(65536):
            received += chunk

    assert received[0] == CLOSE
    assert struct.unpack("!H", received[2:4]) == (MESSAGE_TOO_BIG,)
    assert plays(server)


def test_sockets_that_say_nothing_keep_nobody_waiting(server: ServerProcess) -> None:
    silent = []
    try:
        for _ in range(40):
            raw = socket.create_connection(("127.0.0.1", server.port))
            silent.append(raw)
            shake_hands(raw)
            raw.sendall(masked(TEXT, RESET.encode())[:9])
        assert plays(server)
    finally:
        for raw in silent:
            raw.close()
    assert plays(server)
