"""Sessions in the memory of one process."""

from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from gateway.episode import Session
from gateway.store import (
    AtCapacity,
    Begun,
    Lease,
    LeaseLost,
    Occupancy,
    Replay,
    SessionAttached,
    SessionBusy,
    UnknownSession,
    is_over,
    remembered,
)


class _Slot(Struct):
    session: Session
    used_at_s: float
    socket_id: str | None = None
    owned_by_socket: bool = False
    """It began with a socket, so it is over with it unless it is resumed."""
    parked: bool = False
    lease_token: str = ""
    lease_until_s: float = 0.0
    lease_request_id: str | None = None
    committed: str = ""


class MemoryEpisodeStore:
    """Sessions of one process. Not for several threads: all calls come from one event loop."""

    def __init__(
        self,
        *,
        limit: int,
        idle_s: float,
        now: Callable[[], float],
        new_token: Callable[[], str],
    ) -> None:
        """Make an empty store.

        Args:
            limit: Number of slots.
            idle_s: How long a session may be idle, seconds.
            now: A monotonic clock, seconds.
            new_token: Makes strings that never repeat.
        """
        self._limit = limit
        self._idle_s = idle_s
        self._now = now
        self._new_token = new_token
        self._slots: dict[str, _Slot] = {}
        self._default_id: str | None = None

    async def create(self, session: Session, *, socket_id: str | None = None) -> None:
        """Keep a new session; see `EpisodeStore`."""
        if len(self._slots) >= self._limit:
            self._make_room()
        self._slots[session.session_id] = _Slot(
            session=session,
            used_at_s=self._now(),
            socket_id=socket_id,
            owned_by_socket=socket_id is not None,
        )

    async def get(self, session_id: str) -> Session:
        """Return a session; see `EpisodeStore`."""
        return self._slot(session_id).session

    async def begin(
        self, session_id: str, *, lease_s: float, request_id: str | None = None
    ) -> Begun:
        """Take the lease of a session; see `EpisodeStore`."""
        slot = self._slot(session_id)
        now_s = self._now()
        slot.used_at_s = now_s
        if request_id is not None and (turn := remembered(slot.session, request_id)):
            return Replay(turn=turn)
        if self._leased(slot):
            raise SessionBusy(slot.lease_request_id)
        slot.lease_token = self._new_token()
        slot.lease_until_s = now_s + lease_s
        slot.lease_request_id = request_id
        slot.parked = False
        return Lease(session=slot.session, token=slot.lease_token, committed=slot.committed)

    async def commit(self, lease: Lease, session: Session) -> Session:
        """Replace a session and give its lease back; see `EpisodeStore`."""
        slot = self._slots.get(lease.session.session_id)
        if slot is None or slot.lease_token != lease.token:
            raise LeaseLost
        if slot.session.version != lease.session.version:
            raise LeaseLost
        slot.session = replace(session, version=lease.session.version + 1)
        slot.used_at_s = self._now()
        slot.committed = lease.token
        self._release(slot)
        return slot.session

    async def abandon(self, lease: Lease) -> None:
        """Give a lease back without a change."""
        slot = self._slots.get(lease.session.session_id)
        if slot is not None and slot.lease_token == lease.token:
            self._release(slot)

    async def attach(self, session_id: str, *, socket_id: str) -> Session:
        """Let a socket hold a session; see `EpisodeStore`."""
        slot = self._slot(session_id)
        if slot.socket_id is not None:
            raise SessionAttached
        slot.socket_id = socket_id
        slot.used_at_s = self._now()
        slot.parked = False
        return slot.session

    async def detach(self, session_id: str, *, socket_id: str, for_good: bool = False) -> None:
        """Let go of a session; see `EpisodeStore`."""
        slot = self._slots.get(session_id)
        if slot is None or slot.socket_id != socket_id:
            return
        slot.socket_id = None
        slot.used_at_s = self._now()
        slot.parked = slot.owned_by_socket
        over = for_good or (not self._leased(slot) and is_over(slot.session))
        if slot.parked and over:
            del self._slots[session_id]

    async def default_id(self) -> str | None:
        """Return the session that is meant where none is named; None where there is none."""
        return self._default_id

    async def make_default(self, session_id: str) -> None:
        """Let a session be meant where none is named."""
        self._default_id = session_id

    async def touch(self, session_ids: Iterable[str]) -> None:
        """Keep sessions from expiring."""
        now_s = self._now()
        for session_id in session_ids:
            if slot := self._slots.get(session_id):
                slot.used_at_s = now_s

    async def delete(self, session_id: str) -> bool:
        """Forget a session; says whether there was one."""
        return self._slots.pop(session_id, None) is not None

    async def expire(self) -> int:
        """Forget idle sessions; says how many."""
        oldest_s = self._now() - self._idle_s
        idle = [
            session_id
            for session_id, slot in self._slots.items()
            if slot.socket_id is None and not self._leased(slot) and slot.used_at_s < oldest_s
        ]
        for session_id in idle:
            del self._slots[session_id]
        return len(idle)

    async def occupancy(self) -> Occupancy:
        """Say how many slots are taken."""
        parked = sum(self._gives_way(slot) for slot in self._slots.values())
        return Occupancy(active=len(self._slots) - parked, parked=parked, limit=self._limit)

    def _slot(self, session_id: str) -> _Slot:
        slot = self._slots.get(session_id)
        if slot is None:
            raise UnknownSession(session_id)
        idle = slot.socket_id is None and slot.used_at_s < self._now() - self._idle_s
        if idle and not self._leased(slot):
            del self._slots[session_id]
            raise UnknownSession(session_id)
        return slot

    def _leased(self, slot: _Slot) -> bool:
        return bool(slot.lease_token) and slot.lease_until_s > self._now()

    def _make_room(self) -> None:
        leaving = min(
            (slot for slot in self._slots.values() if self._gives_way(slot)),
            key=lambda slot: slot.used_at_s,
            default=None,
        )
        if leaving is None:
            raise AtCapacity(active=len(self._slots), limit=self._limit)
        del self._slots[leaving.session.session_id]

    def _gives_way(self, slot: _Slot) -> bool:
        if slot.socket_id is not None or self._leased(slot):
            return False
        idle = slot.used_at_s < self._now() - self._idle_s
        return (
            slot.parked or idle or (slot.session.episode is not None and slot.session.episode.done)
        )

    def _release(self, slot: _Slot) -> None:
        slot.lease_token = ""
        slot.lease_request_id = None
        if slot.parked and slot.socket_id is None and is_over(slot.session):
            self._slots.pop(slot.session.session_id, None)
