"""Catch what tests print, and let a test read it through `capsys`."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

_READ_BYTES: Final = 16_384
"""How much of each stream is kept for a verdict, from its beginning."""


class _Stream(io.TextIOWrapper):
    """A text stream whose bytes stay readable."""

    def __init__(self) -> None:
        self.bytes = io.BytesIO()
        # Nothing a test prints may fail to be encoded: lone surrogates are escaped.
        super().__init__(
            self.bytes,
            encoding="utf-8",
            errors="backslashreplace",
            newline="",
            write_through=True,
        )


class CapturedOutput(NamedTuple):
    """What `readouterr` returns."""

    out: str
    err: str


class Capture:
    """Stands in for `sys.stdout` and `sys.stderr` while tests of one file run.

    The same two streams serve every test, so a handler that kept one still works later.
    """

    def __init__(self) -> None:
        self._out, self._err = _Stream(), _Stream()
        self._replaced: list[tuple[object, object]] = []

    def start(self) -> None:
        """Redirect both streams, empty."""
        if self._out.closed or self._err.closed:
            self._out, self._err = _Stream(), _Stream()
        for stream in (self._out, self._err):
            if stream.bytes.tell():
                stream.bytes.seek(0)
                stream.bytes.truncate()
        self._replaced.append((sys.stdout, sys.stderr))
        sys.stdout, sys.stderr = self._out, self._err

    def stop(self) -> None:
        """Put the former streams back."""
        sys.stdout, sys.stderr = self._replaced.pop()

    def marks(self) -> tuple[int, int]:
        """Return how many bytes each stream holds."""
        return self._size(self._out), self._size(self._err)

    def since(self, marks: tuple[int, int]) -> CapturedOutput:
        """Return what was printed after `marks` were taken."""
        return CapturedOutput(self._text(self._out, marks[0]), self._text(self._err, marks[1]))

    def text(self) -> str:
        """Return the beginning of what was printed, standard error after standard output."""
        out = self._text(self._out, 0, _READ_BYTES)
        err = self._text(self._err, 0, _READ_BYTES)
        if not err:
            return out
        return f"{out}{'' if out.endswith(chr(10)) or not out else chr(10)}[stderr]\n{err}"

    @staticmethod
    def _size(stream: _Stream) -> int:
        return 0 if stream.closed else stream.bytes.seek(0, io.SEEK_END)

    @staticmethod
    def _text(stream: _Stream, start: int, length: int = -1) -> str:
        if stream.closed:
            return ""
        stream.bytes.seek(start)
        text = stream.bytes.read(length).decode("utf-8", "replace")
        stream.bytes.seek(0, io.SEEK_END)
        return text


class CaptureFixture:
    """`capsys`: what was printed since the last look."""

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        self._marks = capture.marks()
        self._before = CapturedOutput("", "")

    def __class_getitem__(cls, _item: object) -> type["CaptureFixture"]:
        return cls

    def readouterr(self) -> CapturedOutput:
        """Return and forget what was printed to both streams since the last call."""
        new = self._capture.since(self._marks)
        before, self._before = self._before, CapturedOutput("", "")
        self._marks = self._capture.marks()
        return CapturedOutput(before.out + new.out, before.err + new.err)

    @contextmanager
    def disabled(self) -> Iterator[None]:
        """Leave what a block prints out of `readouterr`."""
        self._before = self.readouterr()
        yield
        self._marks = self._capture.marks()
