"""The embedded server's own process: `python -m agents.serving FD`.

It serves on the listening socket it inherits, so no port can be lost between choosing and using
it, and ends as soon as its standard input does: when the player is gone, however it went.
"""

import os
import signal
import socket
import sys
from threading import Thread
from typing import Final

import uvicorn

APPLICATION: Final = "server.app:app"
GRACE_S: Final = 3


def main() -> None:
    """Serve until a signal comes or standard input ends."""
    listening = socket.socket(fileno=int(sys.argv[1]))
    Thread(target=_end_with_stdin, daemon=True).start()
    config = uvicorn.Config(
        APPLICATION, log_level="warning", access_log=False, timeout_graceful_shutdown=GRACE_S
    )
    uvicorn.Server(config).run(sockets=[listening])


def _end_with_stdin() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
