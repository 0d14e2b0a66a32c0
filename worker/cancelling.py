"""How a task that speaks with Redis is ended."""

import asyncio
from typing import Final

_AGAIN_S: Final = 0.2


async def end(task: asyncio.Task[None]) -> None:
    """Cancel a task until it has ended: redis-py may take a cancellation for a timeout of its own.

    It does where both come at once, as asyncio delivers them as one.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_AGAIN_S)
