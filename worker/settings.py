"""What the environment tells a worker."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, get_args

import msgspec
from msgspec import Meta, Struct

from worker.logs import LogLevel

NO_LAYERS: Final = "none"


class BadSetting(Exception):
    """An environment variable has a value that can not be used; whoever set it is to blame."""


class WorkerSettings(Struct, frozen=True, kw_only=True):
    """Settings of a worker process.

    Attributes:
        tasks_path: Folders of further tasks (`TASKS_PATH`, separated by colons).
        sandbox_require: Isolation layers without which nothing starts (`SANDBOX_REQUIRE`, separated
            by commas); None for the default, empty for `none`.
        grading_concurrency: How many gradings run at once (`GRADING_CONCURRENCY`).
        redis_url: Where jobs are taken from (`REDIS_URL`); empty where there is no cluster.
        log_level: Least severe event that is logged (`LOG_LEVEL`).
    """

    tasks_path: tuple[Path, ...] = ()
    sandbox_require: frozenset[str] | None = None
    grading_concurrency: Annotated[int, Meta(ge=1, le=256)] = 1
    redis_url: str = ""
    log_level: LogLevel = "info"


def read_settings(environ: Mapping[str, str]) -> WorkerSettings:
    """Return the settings of an environment; the default concurrency is the usable cores.

    Raises:
        BadSetting: If a variable has a wrong value; the message names it.
    """
    require = environ.get("SANDBOX_REQUIRE", "").strip()
    concurrency = environ.get("GRADING_CONCURRENCY", "").strip()
    return WorkerSettings(
        tasks_path=tuple(Path(p) for p in environ.get("TASKS_PATH", "").split(":") if p),
        sandbox_require=_layers(require) if require else None,
        grading_concurrency=_concurrency(concurrency) if concurrency else usable_cores(),
        redis_url=environ.get("REDIS_URL", "").strip(),
        log_level=_log_level(environ.get("LOG_LEVEL", "").strip().lower() or "info"),
    )


def usable_cores() -> int:
    """Return how many cores this process may run on."""
    return len(os.sched_getaffinity(0))


def _layers(text: str) -> frozenset[str]:
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    if NO_LAYERS in names and len(names) > 1:
        raise BadSetting("SANDBOX_REQUIRE: 'none' can not stand beside other layers")
    return names - {NO_LAYERS}


def _log_level(text: str) -> LogLevel:
    try:
        level: LogLevel = msgspec.convert(text, LogLevel)
    except msgspec.ValidationError as error:
        levels = ", ".join(get_args(LogLevel))
        raise BadSetting(f"LOG_LEVEL: {text!r} is none of {levels}") from error
    return level


def _concurrency(text: str) -> int:
    field = Annotated[int, Meta(ge=1, le=256)]
    try:
        count: int = msgspec.convert(text, field, strict=False)
    except msgspec.ValidationError as error:
        raise BadSetting(f"GRADING_CONCURRENCY: {error}, not {text!r}") from error
    return count
