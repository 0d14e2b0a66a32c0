"""The HTTP server's own messages among the gateway's events."""

import logging
from typing import Final

from gateway.settings import LogLevel

_SERVER_LOGGERS: Final = ("uvicorn", "uvicorn.error", "uvicorn.asgi")
_ACCESS_LOGGER: Final = "uvicorn.access"


def take_over_server_logs(level: LogLevel, lines: logging.Handler) -> None:
    """Give the HTTP server's messages of at least `level` to a handler.

    Its line per request is left out: it costs about as much as the request.
    """
    for name in _SERVER_LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [lines] if name == "uvicorn" else []
        logger.propagate = name != "uvicorn"
        logger.setLevel(level.upper())
    access = logging.getLogger(_ACCESS_LOGGER)
    access.handlers = []
    access.propagate = False
