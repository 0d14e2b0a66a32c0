"""Parses, measures and lints one source in guests of their own, which never run it."""

import os
import select
import socket
import time
from contextlib import suppress
from typing import Final

import msgspec

from sandbox.exam import Analysis, Finding, SyntaxProblem
from sandbox.guest.jobs import AnalystJob
from sandbox.guest.nodes import Malformed
from sandbox.guest.wire import Closed
from sandbox.guest.words import ANALYSED
from sandbox.lane import Guest, Lane, Role
from sandbox.limits import MIB
from sandbox.outcome import SandboxUnavailable

_ANALYSIS_S: Final = 10.0
_FINDINGS_BYTES: Final = 16 * MIB
_FINDINGS: Final = 200
_CHUNK_BYTES: Final = 65536


_UNLINTABLE: Final = Finding(
    code="unlintable",
    line=1,
    column=1,
    message=f"the linter did not come to an end within its limits and {_ANALYSIS_S:g} s",
)


class _Location(msgspec.Struct):
    row: int
    column: int


class _RuffFinding(msgspec.Struct):
    """One entry of `ruff check --output-format=json`."""

    code: str | None
    message: str
    location: _Location


def analyse(source: str, lane: Lane) -> Analysis:
    """Say what can be said of a source without running it.

    Raises:
        SandboxUnavailable: If the parser or the linter could not do its work.
    """
    encoded = source.encode("utf-8", "surrogatepass")
    analysis = _measure(encoded, lane)
    if analysis.syntax_problem is not None:
        return analysis
    return msgspec.structs.replace(analysis, findings=_lint(encoded, lane))


def _measure(source: bytes, lane: Lane) -> Analysis:
    guest = lane.take(Role.CANDIDATE)
    try:
        guest.line.send(AnalystJob(source))
        word, _ = guest.line.receive(ANALYSED, _ANALYSIS_S)
    except Closed:
        return _unparsable("the parser gave up on it")
    except TimeoutError:
        used = guest.usage()
        if used is None or used[0] < _ANALYSIS_S / 2:
            raise SandboxUnavailable("the parser got too little time on this machine") from None
        return _unparsable(f"parsing took longer than {_ANALYSIS_S:g} s")
    except Malformed as nonsense:
        raise SandboxUnavailable(f"the parser answered nonsense: {nonsense}") from nonsense
    finally:
        lane.discard(guest)
    return word.analysis


def _unparsable(why: str) -> Analysis:
    return Analysis(syntax_problem=SyntaxProblem(message=why, line=0, column=0, text=""))


def _lint(source: bytes, lane: Lane) -> tuple[Finding, ...]:
    guest = lane.linter()
    try:
        answer = _answer_of(guest, source)
        lane.kill([guest])
        gone = lane.gone(guest)
    finally:
        guest.close()
    if len(answer) > _FINDINGS_BYTES:
        return (_UNLINTABLE,)
    try:
        found = msgspec.json.decode(answer, type=list[_RuffFinding])
    except msgspec.DecodeError as failed:
        if gone.status < 0:
            return (_UNLINTABLE,)
        reason = f"the linter left with exit status {gone.status}: {answer[:200]!r}"
        raise SandboxUnavailable(reason) from failed
    return tuple(
        Finding(
            code=one.code or "syntax",
            line=one.location.row,
            column=one.location.column,
            message=one.message,
        )
        for one in found[:_FINDINGS]
    )


def _answer_of(guest: Guest, source: bytes) -> bytes:
    """Return what the linter says within its time, or what it complains of."""
    deadline = time.monotonic() + _ANALYSIS_S
    with socket.socket(fileno=os.dup(guest.descriptors[0])) as line, suppress(OSError):
        line.settimeout(_ANALYSIS_S)
        line.sendall(source)
        line.shutdown(socket.SHUT_WR)
    answer = bytearray()
    out = guest.descriptors[1]
    while _is_readable(out, deadline) and len(answer) <= _FINDINGS_BYTES:
        chunk = os.read(out, _CHUNK_BYTES)
        if not chunk:
            break
        answer += chunk
    complaint = guest.descriptors[2]
    if not answer and _is_readable(complaint, time.monotonic()):
        return os.read(complaint, _CHUNK_BYTES)
    return bytes(answer)


def _is_readable(descriptor: int, deadline: float) -> bool:
    left_ms = max(deadline - time.monotonic(), 0) * 1000
    poll = select.poll()  # unlike select(2) not bound to low descriptors
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(left_ms))
