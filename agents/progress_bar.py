"""A one-line progress bar on standard error, drawn only when told to."""

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

CLEAR_LINE = "\r\x1b[2K"


class ProgressBar:
    """Counts episodes. Nothing draws in the background, so lines never mix."""

    def __init__(self, total: int) -> None:
        """Prepare a bar of `total` episodes."""
        self._console = Console(file=sys.stderr)
        self._progress = Progress(
            TextColumn("episodes"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            auto_refresh=False,
        )
        self._task = self._progress.add_task("episodes", total=total)

    def count(self) -> None:
        """Note that one more episode is over."""
        self._progress.advance(self._task)
        self.draw()

    def draw(self) -> None:
        """Draw the bar where the cursor is."""
        with self._console.capture() as drawn:
            self._console.print(self._progress.get_renderable())
        sys.stderr.write(f"{CLEAR_LINE}{drawn.get().rstrip()}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the bar away."""
        sys.stderr.write(CLEAR_LINE)
        sys.stderr.flush()
