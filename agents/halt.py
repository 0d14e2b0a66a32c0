"""Ends a run early: on a signal, or when nobody reads what it writes."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
SIGNALLED: Final = 128
"""Added to the number of the signal that ended a run. Source: bash(1), EXIT STATUS."""


class Halt:
    """Cancels a run once, and knows with which status it is to exit."""

    def __init__(self) -> None:
        self.status: int | None = None
        self._task: asyncio.Task[object] | None = None

    def stop(self, status: int) -> None:
        """Cancel the run; only the first call counts, so that cleaning up is left in peace."""
        if self.status is None:
            self.status = status
            if self._task is not None:
                self._task.cancel()

    async def over(self, run: Callable[[], Awaitable[int]]) -> int:
        """Return the run's own status, or the one it was stopped with."""
        self._task = asyncio.current_task()
        with self._signals():
            try:
                return await run()
            except asyncio.CancelledError:
                if self.status is None:
                    raise
                return self.status

    @contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self.stop, SIGNALLED + number)
        try:
            yield
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)
