"""Which tasks a server has, asked over HTTP."""

from collections.abc import Sequence
from typing import Final

import httpx
import msgspec
from msgspec import Struct

from agents.address import ServerAddress
from agents.env_session import EnvFault

TIMEOUT_S: Final = 10.0
NOT_FOUND: Final = 404


class ListedTask(Struct, frozen=True, kw_only=True):
    """One task of a server's."""

    id: str
    split: str = ""


class _TaskList(Struct):
    tasks: list[ListedTask]


class UnknownTask(Exception):
    """The server has no such task or split; whoever named it is to blame."""


async def tasks_of(address: ServerAddress) -> tuple[ListedTask, ...] | None:
    """Return the server's tasks in its own order, or None when it does not list any.

    Raises:
        EnvFault: If the server cannot be reached or answers what is no list.
    """
    try:
        async with httpx.AsyncClient(
            timeout=TIMEOUT_S, trust_env=not address.is_loopback, follow_redirects=True
        ) as client:
            response = await client.get(f"{address.http_url}/tasks")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise EnvFault(
            f"cannot reach {address.shown}: {str(error) or type(error).__name__}"
        ) from error
    if response.status_code == NOT_FOUND:
        return None
    if not response.is_success:
        raise EnvFault(f"{address.shown}/tasks answered HTTP {response.status_code}")
    try:
        listed = msgspec.json.decode(response.content, type=_TaskList | list[ListedTask])
    except msgspec.MsgspecError as error:
        raise EnvFault(f"{address.shown}/tasks is no list of tasks: {error}") from error
    return tuple(listed.tasks if isinstance(listed, _TaskList) else listed)


def chosen_tasks(
    listed: Sequence[ListedTask] | None, *, wanted: Sequence[str], split: str
) -> tuple[str, ...]:
    """Return the ids to play: the wanted ones in their order, else all of the split.

    Args:
        listed: None when the server does not list its tasks; then `wanted` is believed.
        wanted: Task ids; empty for every task.
        split: Empty for every split.

    Raises:
        UnknownTask: If a wanted task or the split does not exist, or nothing is left to play.
    """
    if listed is None:
        if not wanted or split:
            raise UnknownTask("this server does not list its tasks: name them with --task")
        return tuple(wanted)
    missing = [task_id for task_id in wanted if task_id not in {task.id for task in listed}]
    if missing:
        ids = ", ".join(task.id for task in listed)
        raise UnknownTask(f"no task {', '.join(missing)}; there are: {ids}")
    in_split = [task.id for task in listed if split in {"", task.split}]
    if not in_split:
        splits = ", ".join(sorted({task.split for task in listed if task.split})) or "none"
        raise UnknownTask(f"no task in split {split!r}; there are: {splits}")
    chosen = [task_id for task_id in wanted if task_id in in_split] if wanted else in_split
    if not chosen:
        raise UnknownTask(f"none of the tasks named is in split {split!r}")
    return tuple(chosen)
