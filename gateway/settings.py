"""The gateway's settings: the only reader of its environment."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from gateway.wire import RewardMode
from sandbox.limits import KIB, MIB
from worker.redis_url import wrong_with

Mode: TypeAlias = Literal["simulation", "production"]
LogLevel: TypeAlias = Literal["debug", "info", "warning", "error"]
_WORKER_ROWS: Final = (
    ("GRADING_CONCURRENCY", "usable cores", "Gradings at once. (at least 1, at most 256)"),
    ("TASKS_PATH", "", "Folders of further tasks, separated by `:`."),
    (
        "SANDBOX_REQUIRE",
        "seccomp, and Landlock or mount namespaces",
        "Isolation layers, separated by `,`, without which nothing starts; `none` for no demand.",
    ),
    (
        "SANDBOX_BACKEND",
        "`process`",
        "What submissions run in: `process`, or `docker` for a container each.",
    ),
    ("SANDBOX_IMAGE", "`python-code-review-env-sandbox:latest`", "Image of these containers."),
    ("SANDBOX_RUNTIME", "", "Their OCI runtime, such as `runsc`; empty for the engine's own."),
    (
        "SANDBOX_WARM",
        "`4`",
        "Containers a grading process keeps started and unused. (at least 0, at most 64)",
    ),
    ("DOCKER_HOST", "`unix:///var/run/docker.sock`", "The Docker engine that runs them."),
)
"""What worker/settings.py reads of the same environment, for the table."""
_LOWERED: Final = frozenset({"openenv_mode", "log_level", "reward_mode"})


class BadSetting(Exception):
    """An environment variable holds something that can not be used; whoever set it is to blame."""


class Settings(Struct, frozen=True, kw_only=True):
    """Every setting; its environment variable is its name in capitals."""

    host: Annotated[str, Meta(min_length=1, description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[
        int, Meta(ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    ] = 8000
    max_concurrent_envs: Annotated[
        int, Meta(ge=1, le=1_000_000, description="Sessions at once; a session is only state.")
    ] = 256
    session_idle_s: Annotated[
        float,
        Meta(gt=0, le=604_800, description="Seconds after which a session nobody uses is dropped."),
    ] = 1800.0
    queue_limit: Annotated[
        int, Meta(ge=0, le=1_000_000, description="Gradings that may wait; beyond it 503.")
    ] = 1024
    queue_age_limit_s: Annotated[
        float,
        Meta(
            gt=0,
            le=300,
            description="Seconds the oldest grading may wait in a cluster; beyond it 503.",
        ),
    ] = 20.0
    grade_deadline_s: Annotated[
        float,
        Meta(gt=0, le=300, description="Seconds a grading may take, waiting included."),
    ] = 55.0
    reward_mode: Annotated[
        RewardMode,
        Meta(description="`level` pays the state's worth, `delta` the change of the score."),
    ] = "level"
    openenv_mode: Annotated[
        Mode, Meta(description="`production` serves no /reset, /step and /state over HTTP.")
    ] = "simulation"
    max_body_bytes: Annotated[
        int, Meta(ge=KIB, le=64 * MIB, description="Largest request body or socket frame.")
    ] = 4 * MIB
    redis_url: Annotated[
        str,
        Meta(
            description="`redis://` or `rediss://`: be a gateway of the cluster around this Redis, "
            "which leaves gradings to `python -m worker`; without it one process does everything."
        ),
    ] = ""
    log_level: Annotated[LogLevel, Meta(description="Least severe event that is logged.")] = "info"
    prometheus_multiproc_dir: Annotated[
        str,
        Meta(
            description="Folder, empty at start, by which the processes of "
            "`uvicorn --workers N` add up what they count."
        ),
    ] = ""

    @property
    def deployment(self) -> str:
        """`cluster` or `single`."""
        return "cluster" if self.redis_url else "single"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings; an empty variable counts as absent.

    Raises:
        BadSetting: Naming the variable, what it holds and what it may hold.
    """
    values: dict[str, Any] = {}
    for name, kind in get_type_hints(Settings, include_extras=True).items():
        raw = environ.get(name.upper(), "").strip()
        if raw:
            values[name] = _read(name, raw, kind)
    redis_url = values.get("redis_url", "")
    if redis_url and (wrong := wrong_with(redis_url)):
        raise BadSetting(f"REDIS_URL {wrong}")
    return Settings(**values)


def settings_table() -> str:
    """Render every setting as a Markdown table, for the README."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    defaults = msgspec.structs.asdict(Settings())
    for name, kind in get_type_hints(Settings, include_extras=True).items():
        lines.append(f"| `{name.upper()}` | {_shown(defaults[name])} | {_described(kind)} |")
    lines += [f"| `{name}` | {default} | {meaning} |" for name, default, meaning in _WORKER_ROWS]
    return "\n".join(lines)


def _read(name: str, raw: str, kind: Any) -> Any:
    try:
        return msgspec.convert(raw.lower() if name in _LOWERED else raw, kind, strict=False)
    except msgspec.ValidationError as error:
        raise BadSetting(f"{name.upper()} is {raw!r}: {_explained(error, kind)}") from error


def _explained(error: msgspec.ValidationError, kind: Any) -> str:
    choices = get_args(get_args(kind)[0])
    if get_origin(get_args(kind)[0]) is Literal:
        return f"it must be one of {', '.join(choices)}"
    return str(error)


def _described(kind: Any) -> str:
    meta = kind.__metadata__[0]
    bounds = [
        f"{words} {bound}"
        for words, bound in (("above", meta.gt), ("at least", meta.ge), ("at most", meta.le))
        if bound is not None
    ]
    choices = ""
    if get_origin(kind.__origin__) is Literal:
        choices = (
            " One of " + ", ".join(f"`{choice}`" for choice in get_args(kind.__origin__)) + "."
        )
    return f"{meta.description}{choices}" + (f" ({', '.join(bounds)})" if bounds else "")


def _shown(default: object) -> str:
    return (
        "" if default == "" else f"`{default:g}`" if isinstance(default, float) else f"`{default}`"
    )
