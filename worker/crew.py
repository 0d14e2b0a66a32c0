"""Keeps a number of worker processes at work: starts them, and again when they end."""

import signal
import subprocess
import sys
from collections.abc import Callable
from time import monotonic, sleep
from types import FrameType
from typing import Final

import structlog
from msgspec import Struct

from worker.rq_holds import Release

LOOK_S: Final = 0.1
"""How often to look whether everybody is there, seconds."""
PAUSE_BOUNDS_S: Final = (0.1, 5.0)
"""How long to wait before a process that soon ended is started again, seconds."""
SOUND_S: Final = 10.0
"""A process that lived so long ended for no reason of its start, seconds."""
DRAIN_S: Final = 70.0
"""How long a job in hand may take after SIGTERM, seconds; longer than any exam."""

log = structlog.get_logger(__name__)


class _Place(Struct):
    """Where one process is, or is to be."""

    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    start_at_s: float = 0.0
    pause_s: float = PAUSE_BOUNDS_S[0]


class Crew:
    """A number of `python -m worker one`.

    Args:
        size: How many, at least 1.
        release: Lets go of the job of a process that has ended.
    """

    def __init__(self, size: int, release: Callable[[int], Release]) -> None:
        self._release = release
        self._places = [_Place() for _ in range(size)]
        self._is_stopping = False
        """Set amid anything by a signal handler, which may wait for no lock."""

    def run(self) -> int:
        """Keep everybody at work until SIGTERM or SIGINT; then let them finish.

        Returns:
            0 when all have finished, 1 when one had to be killed.
        """
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        while not self._is_stopping:
            for place in self._places:
                if not self._is_stopping:
                    self._keep(place)
            sleep(LOOK_S)
        return self._drain()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True

    def _keep(self, place: _Place) -> None:
        now_s = monotonic()
        if place.process is not None:
            status = place.process.poll()
            if status is None:
                return
            lived_s = now_s - place.started_s
            shortest_s, longest_s = PAUSE_BOUNDS_S
            place.pause_s = shortest_s if lived_s > SOUND_S else min(longest_s, 2 * place.pause_s)
            place.start_at_s = now_s + place.pause_s
            released = self._release(place.process.pid)
            log.warning(
                "worker_ended",
                pid=place.process.pid,
                status=status,
                lived_s=lived_s,
                jobs_released=released.jobs,
                not_released=released.fault,
            )
            place.process = None
        if now_s >= place.start_at_s:
            place.process = subprocess.Popen([sys.executable, "-m", "worker", "one"])
            place.started_s = now_s
            log.info("worker_started", pid=place.process.pid)

    def _drain(self) -> int:
        processes = [place.process for place in self._places if place.process is not None]
        for process in processes:
            process.terminate()
        give_up_s = monotonic() + DRAIN_S
        killed = 0
        for process in processes:
            try:
                process.wait(max(0.0, give_up_s - monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed += 1
        return 1 if killed else 0
