"""How every process logs: events with ids and figures, never the text of a submission."""

import logging
from typing import Any, Final, Literal, TextIO, TypeAlias

import msgspec
import structlog
from structlog.typing import Processor

LogLevel: TypeAlias = Literal["debug", "info", "warning", "error"]
_LIBRARIES_FROM: Final = "WARNING"
"""Least severe message of a library that is logged."""
_ENCODER: Final = msgspec.json.Encoder(enc_hook=repr)


def configure_logs(level: LogLevel, stream: TextIO) -> logging.Handler:
    """Log events of at least `level` to a stream: as JSON, or in colour on a terminal.

    Returns:
        What gives the messages of libraries the same form; the root logger has it already.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer()
        if stream.isatty()
        else structlog.processors.JSONRenderer(serializer=_json)
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    lines = logging.StreamHandler(stream)
    lines.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [lines]
    root.setLevel(_LIBRARIES_FROM)
    return lines


def _json(event: dict[str, Any], **_: Any) -> str:
    return _ENCODER.encode(event).decode()
