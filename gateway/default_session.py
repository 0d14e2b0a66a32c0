"""The session of callers who name none: everybody's, and the same at every gateway of a cluster."""

import asyncio
from collections.abc import Awaitable, Callable

from gateway.episode import Session
from gateway.store import EpisodeStore, UnknownSession


class DefaultSession:
    """Finds the default session, or has one made.

    Args:
        store: Where sessions are kept, and which of them is the default one.
        open_session: Makes a session without an episode and returns its id.
    """

    def __init__(self, store: EpisodeStore, *, open_session: Callable[[], Awaitable[str]]) -> None:
        self._store = store
        self._open_session = open_session
        self._making = asyncio.Lock()

    async def found(self) -> Session | None:
        """Return the session; None where there is none, or it has expired."""
        session_id = await self._store.default_id()
        try:
            return None if session_id is None else await self._store.get(session_id)
        except UnknownSession:
            return None

    async def wanted(self) -> str:
        """Return the session's id; make one where there is none.

        Raises:
            Refusal: CAPACITY_REACHED.
        """
        async with self._making:
            kept = await self.found()
            if kept is not None:
                return kept.session_id
            session_id = await self._open_session()
            await self._store.make_default(session_id)
            return session_id
