"""What the environment tells a worker."""

import os
from collections.abc import Mapping
from math import ceil
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias, get_type_hints

import msgspec
from msgspec import Meta, Struct

from worker.logs import LogLevel
from worker.redis_url import wrong_with

NO_LAYERS: Final = "none"
_CGROUP: Final = Path("/sys/fs/cgroup")
Backend: TypeAlias = Literal["process", "docker"]
_LOWERED: Final = ("log_level", "sandbox_backend")
_PLAIN: Final = (
    "sandbox_image",
    "sandbox_runtime",
    "sandbox_warm",
    "docker_host",
)


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
        sandbox_backend: What candidates live in (`SANDBOX_BACKEND`); the others are for `docker`.
        sandbox_image: Image of the containers (`SANDBOX_IMAGE`), see sandbox/Dockerfile.
        sandbox_runtime: Their OCI runtime (`SANDBOX_RUNTIME`); empty for the engine's own choice.
        sandbox_warm: How many to keep started and unused (`SANDBOX_WARM`).
        docker_host: The engine's address (`DOCKER_HOST`).
    """

    tasks_path: tuple[Path, ...] = ()
    sandbox_require: frozenset[str] | None = None
    grading_concurrency: Annotated[int, Meta(ge=1, le=256)] = 1
    redis_url: str = ""
    log_level: LogLevel = "info"
    sandbox_backend: Backend = "process"
    sandbox_image: Annotated[str, Meta(min_length=1)] = "python-code-review-env-sandbox:latest"
    sandbox_runtime: str = ""
    sandbox_warm: Annotated[int, Meta(ge=0, le=64)] = 4
    docker_host: Annotated[str, Meta(pattern="^(unix|tcp|http|https)://")] = (
        "unix:///var/run/docker.sock"
    )


def read_settings(environ: Mapping[str, str]) -> WorkerSettings:
    """Return the settings of an environment; the default concurrency is the usable cores.

    Raises:
        BadSetting: If a variable has a wrong value; the message names it.
    """
    require = environ.get("SANDBOX_REQUIRE", "").strip()
    concurrency = environ.get("GRADING_CONCURRENCY", "").strip()
    others = {name: environ.get(name.upper(), "").strip().lower() for name in _LOWERED}
    others |= {name: environ.get(name.upper(), "").strip() for name in _PLAIN}
    return WorkerSettings(
        tasks_path=tuple(Path(p) for p in environ.get("TASKS_PATH", "").split(":") if p),
        sandbox_require=_layers(require) if require else None,
        grading_concurrency=(
            _field("grading_concurrency", concurrency) if concurrency else usable_cores()
        ),
        redis_url=_redis_url(environ.get("REDIS_URL", "").strip()),
        **{name: _field(name, text) for name, text in others.items() if text},
    )


def _redis_url(text: str) -> str:
    if text and (wrong := wrong_with(text)):
        raise BadSetting(f"REDIS_URL {wrong}")
    return text


def usable_cores(cgroup: Path = _CGROUP) -> int:
    """Return how many cores this process may use: those it may run on, within its CPU quota.

    Source: Linux Documentation/admin-guide/cgroup-v2.rst (cpu.max) and
    scheduler/sched-bwc.rst (cpu.cfs_quota_us), as a container sees its own group.
    """
    allowed = len(os.sched_getaffinity(0))
    quota_cores = _quota_cores(cgroup)
    return allowed if quota_cores is None else max(1, min(allowed, ceil(quota_cores)))


def _quota_cores(cgroup: Path) -> float | None:
    try:
        quota, period = (cgroup / "cpu.max").read_text().split()
    except (OSError, ValueError):
        try:
            quota = (cgroup / "cpu" / "cpu.cfs_quota_us").read_text().strip()
            period = (cgroup / "cpu" / "cpu.cfs_period_us").read_text().strip()
        except OSError:
            return None
    is_limited = quota.isdecimal() and period.isdecimal() and int(period) > 0
    return int(quota) / int(period) if is_limited else None


def _layers(text: str) -> frozenset[str]:
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    if NO_LAYERS in names and len(names) > 1:
        raise BadSetting("SANDBOX_REQUIRE: 'none' can not stand beside other layers")
    return names - {NO_LAYERS}


def _field(name: str, text: str) -> Any:
    try:
        return msgspec.convert(
            text, get_type_hints(WorkerSettings, include_extras=True)[name], strict=False
        )
    except msgspec.ValidationError as error:
        raise BadSetting(f"{name.upper()}: {error}, not {text!r}") from error
