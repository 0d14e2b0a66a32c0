"""The embedded server's own process: `python -m agents.serving FD`.

It serves on the listening socket it inherits, so no port can be lost between choosing and using
it, and ends as soon as its standard input does: when the player is gone, however it went.
"""

import asyncio
import os
import socket
import sys
from typing import Final

import uvicorn
import uvloop

APPLICATION: Final = "server.app:app"
GRACE_S: Final = 2
STDIN: Final = 0
NOT_STARTED: Final = 3
"""Exit status where the application refused to start. Source: uvicorn, STARTUP_FAILURE."""


def main() -> None:
    """Serve until a signal comes or standard input ends."""
    with (
        socket.socket(fileno=int(sys.argv[1])) as listening,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        has_started = runner.run(_serve(listening))
    if not has_started:
        sys.exit(NOT_STARTED)


async def _serve(listening: socket.socket) -> bool:
    config = uvicorn.Config(
        APPLICATION, lifespan="on", access_log=False, timeout_graceful_shutdown=GRACE_S
    )
    server = uvicorn.Server(config)
    loop = asyncio.get_running_loop()

    def end_with_stdin() -> None:
        if not os.read(STDIN, 1024):
            loop.remove_reader(STDIN)
            server.should_exit = True

    # Not a thread: the application starts its fork servers, which there must be none beside.
    loop.add_reader(STDIN, end_with_stdin)
    await server.serve(sockets=[listening])
    return server.started


if __name__ == "__main__":
    main()
