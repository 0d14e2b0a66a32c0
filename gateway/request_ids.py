"""One id for each request: the caller's, or one made here, in every log line and every job.

The id of a request is the caller's `X-Request-ID` where that has the form of one, and is sent back
in the answer. A socket has the id of its handshake, and its n-th frame has `<id>.<n>`.
"""

import re
from typing import Final
from uuid import uuid4

from litestar.types import Scope
from structlog.contextvars import bind_contextvars, get_contextvars

REQUEST_ID_HEADER: Final = "X-Request-ID"
FORM: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
"""What an id may be; anything else could not be searched for in a log."""
_SENT: Final = REQUEST_ID_HEADER.lower().encode()
_BOUND: Final = "request_id"


def request_id_of(scope: Scope) -> str:
    """Return the id of a request, always the same for the same scope."""
    state = scope["state"]
    known: str | None = state.get(_BOUND)
    if known is None:
        sent = next((value for name, value in scope["headers"] if name == _SENT), b"")
        known = sent.decode() if FORM.fullmatch(sent) else str(uuid4())
        state[_BOUND] = known
    return known


def bind_request_id(request_id: str) -> None:
    """Log everything under this id from here on, in this task and those it begins."""
    bind_contextvars(**{_BOUND: request_id})


def current_request_id() -> str:
    """Return the id under which the present task logs; empty where it does for no request."""
    return str(get_contextvars().get(_BOUND, ""))
