"""What people are told on standard error: one line each, no secrets, and a bar on a terminal."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from agents.progress_bar import ProgressBar

REDACTED = "[redacted]"


def redaction_of(secrets: Sequence[str]) -> Callable[[str], str]:
    """Return a function that takes every one of `secrets` out of a text, longest first."""
    ordered = sorted(filter(None, secrets), key=len, reverse=True)

    def redacted(text: str) -> str:
        for secret in ordered:
            text = text.replace(secret, REDACTED)
        return text

    return redacted


class Notices:
    """Writes lines to standard error, above the progress bar if there is one."""

    def __init__(self, redacted: Callable[[str], str]) -> None:
        """Take the function that removes secrets."""
        self.redacted = redacted
        self._said: set[str] = set()
        self._bar: ProgressBar | None = None

    def say(self, text: str) -> None:
        """Write one line."""
        line = " ".join(self.redacted(text).split())
        with self.bar_hidden():
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()

    def say_once(self, text: str) -> None:
        """Write one line unless it was written before."""
        if text not in self._said:
            self._said.add(text)
            self.say(text)

    @contextmanager
    def bar_hidden(self) -> Iterator[None]:
        """Clear the bar while somebody writes to the terminal, and draw it again."""
        if self._bar is not None:
            self._bar.clear()
        yield
        if self._bar is not None:
            self._bar.draw()

    @contextmanager
    def progress(self, total: int) -> Iterator[Callable[[], None]]:
        """Show a bar if standard error is a terminal; yields what counts one episode."""
        if not sys.stderr.isatty():
            yield lambda: None
            return
        self._bar = ProgressBar(total)
        self._bar.draw()
        try:
            yield self._bar.count
        finally:
            self._bar.clear()
            self._bar = None
