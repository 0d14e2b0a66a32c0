"""Keeps standard output for the transcript: whatever else is printed goes to standard error."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def reserved_stdout() -> Iterator[Callable[[str], None]]:
    """Yield the only way to write a line to standard output.

    Until the end of the block descriptor 1 and `sys.stdout` lead to standard error, so a library
    or a child that prints cannot spoil the transcript. Each line is written through at once.
    """
    sys.stdout.flush()
    python_stdout = sys.stdout
    reserved = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr

    def write_line(line: str) -> None:
        unwritten = memoryview(f"{line}\n".encode("utf-8", "replace"))
        while unwritten:
            unwritten = unwritten[os.write(reserved, unwritten) :]

    try:
        yield write_line
    finally:
        sys.stdout = python_stdout
        os.dup2(reserved, 1)
        os.close(reserved)
