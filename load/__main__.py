"""`python -m load`: play, check every reward, print a table, write JSON and a plot."""

import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from agents.progress_bar import ProgressBar
from load.cluster import running_cluster
from load.crowd import LoadFailed
from load.figures import Figures
from load.plot import plot
from load.records import EpisodeRecord
from load.run import expectations, judged, load_errand, played_at_once, wanted_submissions
from load.settings import BadSetting, Settings, read_settings
from load.submissions import submissions_for
from load.table import table
from tasks.catalogue import load

CLEAN, UNCLEAN, USAGE, INTERRUPTED = 0, 1, 2, 130
SESSIONS_EACH: Final = 2
"""Session slots of a cluster of one's own for each socket: a lost one holds its own for a while."""


def main(settings: Settings) -> int:
    """Play.

    Returns:
        0 when nothing was lost, doubled or wrong; 1 when something was, or nothing could be played.
    """
    folder = settings.output
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with _gateways(settings) as urls:
            figures, records = _played(settings, urls)
    except LoadFailed as failed:
        sys.stderr.write(f"load: {failed}\n")
        return UNCLEAN
    text = msgspec.json.format(msgspec.json.encode(figures), indent=2)
    (folder / "load.json").write_bytes(text + b"\n")
    plot(records, folder / "load.png")
    sys.stdout.write(table(figures))
    _tell(f"wrote {folder / 'load.json'} and {folder / 'load.png'}")
    return CLEAN if figures.is_clean else UNCLEAN


def _played(settings: Settings, urls: Sequence[str]) -> tuple[Figures, list[EpisodeRecord]]:
    known = submissions_for(load(), variants=settings.variants)
    submissions = wanted_submissions(known, settings)
    _tell(f"{len(submissions)} submissions, each alone")
    with _progress(len(submissions)) as count:
        expected = expectations(urls, submissions, settings, count=count)
    errand = load_errand(urls, submissions, settings)
    _tell(f"{settings.episodes} episodes at {settings.concurrency} sockets")
    with _progress(settings.episodes) as count:
        records = played_at_once(errand, processes=settings.processes, count=count)
    return judged(records, submissions, expected, wanted=settings.episodes), records


@contextmanager
def _gateways(settings: Settings) -> Iterator[Sequence[str]]:
    """Give the gateways to play against: those that were named, or some of our own."""
    if settings.urls:
        yield settings.urls
        return
    logs = settings.output / "load-logs"
    logs.mkdir(exist_ok=True)
    _tell(f"starting {settings.gateways} gateways and {settings.workers} workers around a Redis")
    with (
        tempfile.TemporaryDirectory(prefix="load-redis-") as data,
        running_cluster(
            logs,
            data=Path(data),
            gateways=settings.gateways,
            workers=settings.workers,
            sessions=SESSIONS_EACH * settings.concurrency,
        ) as cluster,
    ):
        yield cluster.socket_urls


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    if not sys.stderr.isatty():
        yield lambda: None
        return
    bar = ProgressBar(total)
    bar.draw()
    try:
        yield bar.count
    finally:
        bar.clear()


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        wanted = read_settings(sys.argv[1:], os.environ)  # noqa: TID251 - handed to the one reader
    except BadSetting as bad:
        sys.stderr.write(f"load: {bad}\n")
        sys.exit(USAGE)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main(wanted))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
