"""Sessions as they are kept in Redis: packed, and small enough."""

import zlib
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from gateway.episode import Session
from gateway.problems import SessionTooLarge
from gateway.store import is_over

SESSION_BYTES: Final = 1024 * 1024
"""The largest session that is kept, bytes as stored."""
PACKING: Final = 1
"""zlib's fastest level: an observation repeats much of the one before it."""

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Session)


class Stored(Struct, frozen=True, kw_only=True):
    """A session, and what a store has to know of it without unpacking it."""

    version: int
    done: str
    """"1" when its episode is over."""
    over: str
    """"1" when nothing would be lost with it but a finished episode."""
    answered: str
    """The request ids it can answer again, as JSON."""
    data: bytes


def stored(session: Session) -> Stored:
    """Pack a session; where it is too large, it forgets its oldest answers first.

    Raises:
        SessionTooLarge: If it is too large with its latest answer alone.
    """
    data = zlib.compress(_ENCODER.encode(session), PACKING)
    while len(data) > SESSION_BYTES:
        if len(session.answered) <= 1:
            raise SessionTooLarge(size_bytes=len(data), limit_bytes=SESSION_BYTES)
        session = replace(session, answered=session.answered[1:])
        data = zlib.compress(_ENCODER.encode(session), PACKING)
    request_ids = [answer.request_id for answer in session.answered]
    return Stored(
        version=session.version,
        done="1" if session.episode is not None and session.episode.done else "0",
        over="1" if is_over(session) else "0",
        answered=msgspec.json.encode(request_ids).decode() if request_ids else "",
        data=data,
    )


def decoded(data: bytes) -> Session:
    """Unpack a session."""
    return _DECODER.decode(zlib.decompress(data))
