"""Compiled test files, made by one exam's examiner and given to the next one's.

The bytes are opaque here and are only ever loaded by an examiner. An examiner sends them before it
hears of any candidate, having run nothing, and they are kept for exactly the same set of files, so
neither a submission nor another task's author can put code into an examination.
"""

from collections import OrderedDict
from threading import Lock
from typing import Final

from sandbox.exam import TestFile

_KEPT: Final = 256
"""How many sets of test files are kept."""


class CodeCache:
    """Least recently used sets of compiled files. Safe to use from several threads."""

    def __init__(self) -> None:
        self._codes: OrderedDict[tuple[TestFile, ...], list[bytes]] = OrderedDict()
        self._lock = Lock()

    def of(self, files: tuple[TestFile, ...]) -> list[bytes] | None:
        """Return the code of these files, one entry a file, or None where it is not known."""
        with self._lock:
            codes = self._codes.get(files)
            if codes is not None:
                self._codes.move_to_end(files)
            return codes

    def keep(self, files: tuple[TestFile, ...], codes: list[bytes]) -> None:
        """Keep the code of these files."""
        with self._lock:
            self._codes[files] = codes
            while len(self._codes) > _KEPT:
                self._codes.popitem(last=False)
