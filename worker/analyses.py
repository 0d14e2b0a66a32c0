"""Remembers analyses: the same source is looked at once, not at every step."""

from collections import OrderedDict
from hashlib import blake2b
from threading import Lock
from typing import Final

from sandbox.exam import Analysis

KEY_BYTES: Final = 32


class AnalysisCache:
    """The analyses of the last used sources, by a hash of the source. Safe for several threads.

    Args:
        capacity: How many analyses are kept, at least 1.
    """

    def __init__(self, *, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"capacity is {capacity}, at least 1 is needed")
        self._capacity = capacity
        self._analyses: OrderedDict[bytes, Analysis] = OrderedDict()
        self._lock = Lock()

    def get(self, source: str) -> Analysis | None:
        """Return the analysis of a source if it is remembered."""
        key = _key(source)
        with self._lock:
            analysis = self._analyses.get(key)
            if analysis is not None:
                self._analyses.move_to_end(key)
            return analysis

    def put(self, source: str, analysis: Analysis) -> None:
        """Remember an analysis; the one used least recently gives way."""
        key = _key(source)
        with self._lock:
            self._analyses[key] = analysis
            self._analyses.move_to_end(key)
            while len(self._analyses) > self._capacity:
                self._analyses.popitem(last=False)

    def __len__(self) -> int:
        with self._lock:
            return len(self._analyses)


def _key(source: str) -> bytes:
    return blake2b(source.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()
