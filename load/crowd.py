"""Client processes at play, and what they tell."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Final

import msgspec
from msgspec.structs import replace

from load.records import EpisodeRecord, Errand

ROOT: Final = Path(__file__).resolve().parents[1]
_RECORDS: Final = msgspec.json.Decoder(EpisodeRecord)


class LoadFailed(Exception):
    """The load could not be made; the message says why and what to do."""


class Crowd:
    """Client processes, each with its errand."""

    def __init__(self, processes: Sequence[subprocess.Popen[bytes]]) -> None:
        self._processes = processes
        self._told: SimpleQueue[EpisodeRecord | int] = SimpleQueue()
        for process in processes:
            Thread(target=self._listen, args=(process,), daemon=True).start()

    def records(self) -> Iterator[EpisodeRecord]:
        """Give the record of every episode as it ends, until all have ended.

        Raises:
            LoadFailed: If a client ended before its errand was done.
        """
        at_play = len(self._processes)
        while at_play:
            told = self._told.get()
            if isinstance(told, EpisodeRecord):
                yield told
                continue
            at_play -= 1
            if told:
                raise LoadFailed(f"a client ended with status {told}; it said why above")

    def stop(self) -> None:
        """Begin no further episode; those at play are played to their end."""
        for process in self._processes:
            if process.stdin is not None:
                process.stdin.close()

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdout is not None:
            for line in process.stdout:
                self._told.put(_RECORDS.decode(line))
        self._told.put(process.wait())


@contextmanager
def crowd(errand: Errand, *, processes: int) -> Iterator[Crowd]:
    """Share an errand among client processes; they are gone when the block is left."""
    with ExitStack() as stack:
        started = []
        for part in shared(errand, processes):
            process = subprocess.Popen(
                [sys.executable, "-m", "load.client"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                process_group=0,  # an interrupt is for us, who end them
            )
            stack.callback(_end, process)
            started.append(process)
            if process.stdin is not None:
                process.stdin.write(msgspec.json.encode(part) + b"\n")
                process.stdin.flush()
        yield Crowd(started)


def shared(errand: Errand, count: int) -> list[Errand]:
    """Split turns and sockets evenly into at most `count` errands, none of them empty."""
    count = min(count, errand.at_once, max(1, len(errand.turns)))
    return [
        replace(
            errand,
            turns=errand.turns[place::count],
            at_once=len(range(place, errand.at_once, count)),
        )
        for place in range(count)
    ]


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
