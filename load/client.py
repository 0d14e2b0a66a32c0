"""A process full of agents: `python -m load.client`.

Reads one errand from stdin and writes a record of every episode to stdout as it ends. Once stdin
ends no further episode is begun; those at play are played to their end.
"""

import asyncio
import sys
from collections import deque
from typing import Final

import msgspec

from load.player import played
from load.records import EpisodeRecord, Errand

LINE_BYTES: Final = 256 * 1024 * 1024
"""The longest errand that is read, bytes."""


async def main() -> None:
    """Run the errand."""
    reader = asyncio.StreamReader(limit=LINE_BYTES)
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    errand = msgspec.json.decode(await reader.readline(), type=Errand)
    enough = asyncio.create_task(reader.read())
    submissions = {submission.name: submission for submission in errand.submissions}
    waiting = deque(errand.turns)

    async def play_in_turn() -> None:
        while waiting and not enough.done():
            turn = waiting.popleft()
            _tell(await played(errand, turn, submissions[turn.submission]))

    async with asyncio.TaskGroup() as players:
        for _ in range(errand.at_once):
            players.create_task(play_in_turn())
    enough.cancel()


def _tell(record: EpisodeRecord) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(record) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    asyncio.run(main())
