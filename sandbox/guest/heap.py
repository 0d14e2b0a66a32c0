"""Small objects before a fork: holes between them are filled, so that guests write to few pages.

When modules have been imported, free blocks lie scattered over the heap. A guest that got its
objects there would copy a page for each of them.

Source: CPython 3.11, Objects/obmalloc.c: objects of up to 512 bytes come in steps of 16 bytes,
those of one size from pools of 16 KiB, and a fresh pool gives its blocks in ascending order.
"""

import sys
from collections.abc import Callable
from functools import partial
from typing import Final

from sandbox.limits import KIB

_STEP_BYTES: Final = 16
_LARGEST_BYTES: Final = 512
_POOL_BYTES: Final = 16 * KIB
_BLOCKS: Final = 50_000
"""Blocks of one size that are taken at most, where the heap is not as described."""
_EMPTY_BYTES: Final = sys.getsizeof(b"")

_kept: Final[list[object]] = []


def fill_holes() -> None:
    """Take free blocks of every size, for good, until new ones come from a fresh pool."""
    _fill(_STEP_BYTES, object)
    _fill(2 * _STEP_BYTES, lambda: float(len(_kept)))
    for size in range(3 * _STEP_BYTES, _LARGEST_BYTES + 1, _STEP_BYTES):
        _fill(size, partial(bytes, size - _EMPTY_BYTES))


def _fill(size_bytes: int, make: Callable[[], object]) -> None:
    wanted = _POOL_BYTES // size_bytes // 2
    in_a_row = last = 0
    for _ in range(_BLOCKS):
        made = make()
        _kept.append(made)
        in_a_row = in_a_row + 1 if id(made) == last + size_bytes else 0
        if in_a_row >= wanted:
            return
        last = id(made)
