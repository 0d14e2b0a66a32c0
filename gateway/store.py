"""Where sessions live between requests: the protocol every store keeps.

A change of a session is `begin` (which takes the session's only lease) and `commit` (which keeps
the change if the lease is still held and the version is still the one that was read). Whoever finds
the lease taken is refused, so of two racing steps one wins and the other is told so. A lease ends
by itself at its deadline, so a gateway that dies in mid-step blocks nobody for ever.

Slots: a session holds one from `create` until it is deleted, expires, or gives way. A session gives
way to a new one when no socket holds it and its episode is over or its socket was lost: it can be
resumed for as long as there is room.
"""

from collections.abc import Iterable
from typing import Protocol, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from gateway.episode import RememberedTurn, Session, Turn


class UnknownSession(Exception):
    """There is no such session, or it has expired; the caller is to blame."""


class AtCapacity(Exception):
    """Every slot is held by a session that does not give way."""

    def __init__(self, active: int, limit: int) -> None:
        super().__init__(f"{active} of {limit} sessions are active")
        self.active = active
        self.limit = limit


class SessionBusy(Exception):
    """The session's lease is taken, by a request that called itself `request_id`."""

    def __init__(self, request_id: str | None) -> None:
        super().__init__("another request is changing this session")
        self.request_id = request_id


class LeaseLost(Exception):
    """The session changed or went away while a change was prepared; nothing was kept."""


class SessionAttached(Exception):
    """Another socket holds the session."""


class Lease(Struct, frozen=True, kw_only=True):
    """The right to change a session, as it was when the lease was taken."""

    session: Session
    token: str
    committed: str
    """The token of the lease under which the session was changed last; empty before."""


class Replay(Struct, frozen=True, kw_only=True):
    """The request was answered before; this is the answer."""

    turn: Turn


class Occupancy(Struct, frozen=True, kw_only=True):
    """How many sessions hold their slot, how many would give way, and how many slots there are."""

    active: int
    parked: int
    limit: int


Begun: TypeAlias = Lease | Replay


class EpisodeStore(Protocol):
    """Keeps sessions; every method is atomic against every other."""

    async def create(self, session: Session, *, socket_id: str | None = None) -> None:
        """Keep a new session, held by a socket from the start if one is named.

        Raises:
            AtCapacity: If there is no slot and no session gives way.
        """
        ...

    async def get(self, session_id: str) -> Session:
        """Return a session.

        Raises:
            UnknownSession: If there is none.
        """
        ...

    async def begin(
        self, session_id: str, *, lease_s: float, request_id: str | None = None
    ) -> Begun:
        """Take the lease of a session for `lease_s` seconds, or find the answer given before.

        Raises:
            UnknownSession: If there is none.
            SessionBusy: If the lease is taken.
        """
        ...

    async def commit(self, lease: Lease, session: Session) -> Session:
        """Replace the session by its changed self under the next version and give the lease back.

        Raises:
            LeaseLost: If the lease was lost or the session went away; nothing is kept.
        """
        ...

    async def abandon(self, lease: Lease) -> None:
        """Give a lease back without a change."""
        ...

    async def attach(self, session_id: str, *, socket_id: str) -> Session:
        """Let a socket hold a session; one at a time.

        Raises:
            UnknownSession: If there is none.
            SessionAttached: If another socket holds it.
        """
        ...

    async def detach(self, session_id: str, *, socket_id: str, for_good: bool = False) -> None:
        """Let go of a session.

        One that was created for a socket is deleted if it is let go for good or has neither a
        running episode nor answers to give again, and gives way to new sessions otherwise. Others
        stay as they are.
        """
        ...

    async def default_id(self) -> str | None:
        """Return the session that is meant where none is named; None where there is none."""
        ...

    async def make_default(self, session_id: str) -> None:
        """Let a session be meant where none is named."""
        ...

    async def touch(self, session_ids: Iterable[str]) -> None:
        """Keep sessions from expiring; what live sockets hold is touched again and again."""
        ...

    async def delete(self, session_id: str) -> bool:
        """Forget a session; says whether there was one."""
        ...

    async def expire(self) -> int:
        """Forget every session that was idle too long and is held by no socket; say how many."""
        ...

    async def occupancy(self) -> Occupancy:
        """Say how many slots are taken."""
        ...


def remember(session: Session, *, request_id: str, turn: Turn, limit: int) -> Session:
    """Return the session with one more answer to give again, the latest `limit` at most."""
    answer = RememberedTurn(request_id=request_id, turn=turn)
    return replace(session, answered=(*session.answered, answer)[-limit:])


def remembered(session: Session, request_id: str) -> Turn | None:
    """Return the answer a request got before, if it is still known."""
    return next(
        (answer.turn for answer in session.answered if answer.request_id == request_id), None
    )


def is_over(session: Session) -> bool:
    """Say whether nothing would be lost with the session but a finished episode.

    Answers that may be asked for again would be: the last one may have been lost with its socket.
    """
    return session.episode is None or (session.episode.done and not session.answered)
