"""Scratch folders: emptied between guests, and watched where no mount limits them."""

import itertools
import os
from contextlib import suppress
from typing import Final

from sandbox.limits import SCRATCH_BYTES, SCRATCH_FILES

_OPEN: Final = 0o700
_BLOCK_BYTES: Final = 512
"""Source: stat(2), the unit of st_blocks."""


def empty(folder: str) -> None:
    """Leave nothing of the last guest, which has ended, to the next.

    Folders within folders are moved up before they are removed, so neither a guest's depth of
    folders nor the length of its paths nor the rights it set stand in the way.
    """
    _unlock(folder)
    names = itertools.count()
    while entries := list(os.scandir(folder)):
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _flatten(entry.path, folder, names)
                os.rmdir(entry.path)
            else:
                os.unlink(entry.path)


def remove(folder: str) -> None:
    """Empty and remove a folder, where there is one."""
    if os.path.isdir(folder):
        empty(folder)
        os.rmdir(folder)


def _flatten(nested: str, folder: str, names: "itertools.count[int]") -> None:
    _unlock(nested)
    for child in list(os.scandir(nested)):
        if child.is_dir(follow_symlinks=False):
            _unlock(child.path)
            os.rename(child.path, _free_name(folder, names))
        else:
            os.unlink(child.path)


def _unlock(folder: str) -> None:
    with suppress(PermissionError):  # a guest that empties its own folder may not, nor need it
        os.chmod(folder, _OPEN)


def _free_name(folder: str, names: "itertools.count[int]") -> str:
    return next(path for name in names if not os.path.lexists(path := f"{folder}/{name}"))


def is_over(folder: str) -> bool:
    """Say whether a scratch folder holds more than it may; looks no further once that is sure.

    What can not be looked at counts as too much: its guest locked it, or hid it in a long path.
    """
    count = size_bytes = 0
    folders = [folder]
    while folders:
        try:
            for entry in list(os.scandir(folders.pop())):
                count += 1
                size_bytes += entry.stat(follow_symlinks=False).st_blocks * _BLOCK_BYTES
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
        except FileNotFoundError:
            continue  # removed meanwhile
        except OSError:
            return True
        if count > SCRATCH_FILES or size_bytes > SCRATCH_BYTES:
            return True
    return False
