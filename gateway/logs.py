"""How the process logs: events with ids and figures, never the text of a submission."""

import logging
from typing import Final, TextIO

import structlog
from structlog.typing import Processor

from gateway.settings import LogLevel

_SERVER_LOGGERS: Final = ("uvicorn", "uvicorn.error", "uvicorn.asgi")
_ACCESS_LOGGER: Final = "uvicorn.access"


def configure_logs(level: LogLevel, stream: TextIO) -> None:
    """Log events of at least `level` to a stream: as JSON, or in colour on a terminal.

    The HTTP server's own messages take the same form. Its line per request is left out: it costs
    about as much as the request.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer() if stream.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
    _take_over_server_logs(level, stream, shared, renderer)


def _take_over_server_logs(
    level: LogLevel, stream: TextIO, shared: list[Processor], renderer: Processor
) -> None:
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            renderer,
        ],
    )
    lines = logging.StreamHandler(stream)
    lines.setFormatter(formatter)
    for name in _SERVER_LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [lines] if name == "uvicorn" else []
        logger.propagate = name != "uvicorn"
        logger.setLevel(level.upper())
    access = logging.getLogger(_ACCESS_LOGGER)
    access.handlers = []
    access.propagate = False
