"""Sessions in Redis, shared by every gateway of a cluster.

Theory of operation: every operation is one call of the script in `redis_store.lua`, so it is atomic
and takes one round trip. Time is the clock of Redis. A socket or a lease belongs to a gateway and
counts for as long as that gateway gives signs of life, which `start` makes it do every `BEAT_S`; so
what a gateway held when it died is free `ALIVE_S` later. Operations may be sent twice: a lease is
known by its token, and a commit that was made already is found to be made. That is why a command
whose answer was lost is sent again, for `patience_s`, while the client itself repeats nothing.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.resources import files
from time import monotonic
from typing import Any, Final

import structlog
from msgspec.structs import replace
from redis.asyncio import Redis

from gateway.episode import Session
from gateway.problems import StoreUnavailable
from gateway.session_codec import Stored, decoded, stored
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
    remembered,
)
from worker.cancelling import end
from worker.redis_faults import FAULTS

BEAT_S: Final = 1.0
"""How often a gateway gives a sign of life, seconds."""
ALIVE_S: Final = 3.0
"""How long a gateway counts as alive after a sign of life, seconds."""
PATIENCE_S: Final = 2.0
"""How long an operation is tried while Redis is away, seconds."""
RETRY_BOUNDS_S: Final = (0.02, 0.25)
"""First and longest pause between two tries, seconds."""
TAKEOVER_POLL_S: Final = 0.1
TOUCHED_AT_ONCE: Final = 500

log = structlog.get_logger(__name__)


class RedisEpisodeStore:
    """Sessions of a cluster; see `EpisodeStore`. Belongs to one event loop."""

    def __init__(
        self,
        redis: Redis,
        *,
        gateway_id: str,
        limit: int,
        idle_s: float,
        new_token: Callable[[], str],
        prefix: str = "pcr:",
        patience_s: float = PATIENCE_S,
        now: Callable[[], float] | None = None,
    ) -> None:
        """Lean on a client; nothing is sent before the first operation.

        Args:
            redis: A client that repeats no command by itself; closed by whoever made it.
            gateway_id: Of this gateway and its present life; never used before.
            limit: Number of slots of the whole cluster.
            idle_s: How long a session may be idle, seconds.
            new_token: Makes strings that never repeat.
            prefix: What every key begins with.
            patience_s: How long an operation is tried while Redis is away, seconds.
            now: A clock that all gateways share, seconds; that of Redis when None.
        """
        self._script = redis.register_script(
            files("gateway").joinpath("redis_store.lua").read_text("utf-8")
        )
        self._prefix = prefix
        self._gateway_id = gateway_id
        self._limit = limit
        self._idle_ms = round(idle_s * 1000)
        self._new_token = new_token
        self._patience_s = patience_s
        self._now = now
        self._owed: list[tuple[str, ...]] = []
        """Calls that could not be made, and those that undo what may be carried out after all."""
        self._held: dict[str, str] = {}
        """Which socket of this gateway holds which session."""
        self._forgotten = 0
        """Sessions found idle by the way, which `expire` tells."""
        self._beating: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to give signs of life."""
        self._beating = asyncio.create_task(self._beat())

    async def close(self) -> None:
        """Let go of everything this gateway holds: others may take it up at once."""
        if self._beating is not None:
            await end(self._beating)
        with suppress(StoreUnavailable):
            await self._settle_debts()
            await self._call("die")

    async def create(self, session: Session, *, socket_id: str | None = None) -> None:
        """Keep a new session; see `EpisodeStore`."""
        undo = ("detach", session.session_id, socket_id, "1") if socket_id else ()
        answer = await self._call_or_undo(
            undo, "create", session.session_id, socket_id or "", *_fields(stored(session))
        )
        if answer[0] == b"full":
            raise AtCapacity(active=int(answer[1]), limit=self._limit)
        if socket_id is not None:
            self._held[session.session_id] = socket_id

    async def get(self, session_id: str) -> Session:
        """Return a session; see `EpisodeStore`."""
        return _known(await self._call("get", session_id), session_id)

    async def begin(
        self, session_id: str, *, lease_s: float, request_id: str | None = None
    ) -> Begun:
        """Take the lease of a session; see `EpisodeStore`."""
        token = self._new_token()
        await self._settle_debts(session_id)  # one may be the lease of the try before
        answer = await self._call_or_undo(
            ("abandon", session_id, token),
            "begin",
            session_id,
            token,
            round(lease_s * 1000),
            request_id or "",
        )
        if answer[0] == b"busy":
            raise SessionBusy(answer[1].decode() or None)
        session = _known(answer, session_id)
        if answer[0] == b"replay":
            turn = remembered(session, request_id or "")
            if turn is None:
                raise LookupError(f"the answer to {request_id!r} is listed and not kept")
            return Replay(turn=turn)
        return Lease(session=session, token=token, committed=answer[2].decode())

    async def commit(self, lease: Lease, session: Session) -> Session:
        """Replace a session and give its lease back; see `EpisodeStore`."""
        version = lease.session.version
        kept = replace(session, version=version + 1)
        answer = await self._call(
            "commit", session.session_id, lease.token, version, *_fields(stored(kept))
        )
        if answer[0] != b"ok":
            raise LeaseLost
        return kept

    async def abandon(self, lease: Lease) -> None:
        """Give a lease back without a change; later, if Redis is away."""
        await self._call_or_owe("abandon", lease.session.session_id, lease.token)

    async def attach(self, session_id: str, *, socket_id: str) -> Session:
        """Let a socket hold a session; see `EpisodeStore`.

        Where another gateway's socket holds it, that gateway is given time to prove that it lives.
        """
        undo = ("detach", session_id, socket_id, "0")
        await self._settle_debts(session_id)
        answer = await self._call_or_undo(undo, "attach", session_id, socket_id)
        left_ms = None
        while answer[0] == b"held":
            proved = left_ms is not None and int(answer[2]) > left_ms
            if answer[1].decode() == self._gateway_id or proved:
                raise SessionAttached
            left_ms = int(answer[2])
            await asyncio.sleep(TAKEOVER_POLL_S)
            answer = await self._call_or_undo(undo, "attach", session_id, socket_id)
        session = _known(answer, session_id)
        self._held[session_id] = socket_id
        return session

    async def detach(self, session_id: str, *, socket_id: str, for_good: bool = False) -> None:
        """Let go of a session; see `EpisodeStore`. Later, if Redis is away."""
        if self._held.get(session_id) == socket_id:
            del self._held[session_id]
        await self._call_or_owe("detach", session_id, socket_id, "1" if for_good else "0")

    async def touch(self, session_ids: Iterable[str]) -> None:
        """Keep sessions from expiring."""
        wanted = list(session_ids)
        for first in range(0, len(wanted), TOUCHED_AT_ONCE):
            await self._call("touch", *wanted[first : first + TOUCHED_AT_ONCE])

    async def delete(self, session_id: str) -> bool:
        """Forget a session; says whether there was one."""
        return bool(await self._call("delete", session_id))

    async def expire(self) -> int:
        """Forget idle sessions; says how many."""
        forgotten, self._forgotten = self._forgotten, 0
        while True:
            batch, looked_at = await self._call("reap")
            forgotten += int(batch)
            if not looked_at:
                return forgotten

    async def occupancy(self) -> Occupancy:
        """Say how many slots are taken."""
        total, parked, forgotten = await self._call("occupancy")
        self._forgotten += forgotten
        return Occupancy(active=total - parked, parked=parked, limit=self._limit)

    async def default_id(self) -> str | None:
        """Return the session that is meant where none is named; None where there is none."""
        found = await self._call("default")
        return None if found is None else str(found.decode())

    async def make_default(self, session_id: str) -> None:
        """Let a session be meant where none is named."""
        await self._call("make_default", session_id)

    async def _beat(self) -> None:
        while True:
            with suppress(StoreUnavailable):
                if await self._call("live") < len(self._held):
                    await self._hold_again()
                await self._settle_debts()
            await asyncio.sleep(BEAT_S)

    async def _hold_again(self) -> None:
        """Take back what others took for a dead gateway's while this one could not give signs."""
        pairs = [part for pair in self._held.items() for part in pair]
        for first in range(0, len(pairs), TOUCHED_AT_ONCE):
            await self._call("hold", *pairs[first : first + TOUCHED_AT_ONCE])

    async def _call_or_undo(self, undo: tuple[str, ...], op: str, *args: str | bytes | int) -> Any:
        """Call the script; where no answer comes it may act yet, so that is undone later."""
        try:
            return await self._call(op, *args)
        except StoreUnavailable:
            if undo:
                self._owed.append(undo)
            raise

    async def _call_or_owe(self, *call: str) -> None:
        try:
            await self._call(*call)
        except StoreUnavailable:
            self._owed.append(call)

    async def _settle_debts(self, session_id: str | None = None) -> None:
        """Make the calls that are owed, or those of one session; settling twice does no harm."""
        for debt in [one for one in self._owed if session_id in (None, one[1])]:
            await self._call(*debt)
            with suppress(ValueError):  # somebody settled it meanwhile
                self._owed.remove(debt)

    async def _call(self, op: str, *args: str | bytes | int) -> Any:
        """Call the script, again and again while Redis is away.

        Raises:
            StoreUnavailable: If Redis was away for all of `patience_s`.
        """
        now_ms = "" if self._now is None else round(self._now() * 1000)
        common = (op, self._gateway_id, now_ms, self._idle_ms, self._limit, round(ALIVE_S * 1000))
        pause_s, longest_s = RETRY_BOUNDS_S
        give_up_s = monotonic() + self._patience_s
        while True:
            try:
                return await self._script(keys=[self._prefix], args=[*common, *args])
            except FAULTS as fault:
                if monotonic() + pause_s > give_up_s:
                    log.warning("redis_away", operation=op, fault=str(fault))
                    raise StoreUnavailable from fault
            await asyncio.sleep(pause_s)
            pause_s = min(longest_s, 2 * pause_s)


def _fields(value: Stored) -> tuple[str | bytes | int, ...]:
    return (value.version, value.done, value.over, value.answered, value.data)


def _known(answer: list[bytes], session_id: str) -> Session:
    if answer[0] == b"unknown":
        raise UnknownSession(session_id)
    return decoded(answer[1])
