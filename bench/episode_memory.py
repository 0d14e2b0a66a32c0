"""How much of Redis an idle episode takes: one that has begun and has had a step."""

from http.client import HTTPConnection
from typing import Final

import msgspec
from msgspec import Struct
from redis import Redis

from bench.player import TASK_ID
from bench.programs import HOST, BenchFailed

_JSON: Final = {"content-type": "application/json"}
_OK: Final = 200
_ANSWER_S: Final = 60.0


class _Metadata(Struct, frozen=True):
    session_id: str


class _Begun(Struct, frozen=True):
    metadata: _Metadata


def idle_episode_bytes(redis: Redis, port: int, *, source: str, episodes: int) -> float:
    """Play one step of each of many episodes; return what each has left in Redis, bytes.

    Args:
        redis: Of the cluster; RQ's keys in it, which end by themselves, go.
        port: Of a gateway.
        source: What the step edits the code to.
        episodes: How many.

    Raises:
        BenchFailed: If the gateway refuses.
    """
    connection = HTTPConnection(HOST, port, timeout=_ANSWER_S)
    _play(connection, source)
    before = _used_bytes(redis)
    for _ in range(episodes):
        _play(connection, source)
    connection.close()
    return (_used_bytes(redis) - before) / episodes


def _play(connection: HTTPConnection, source: str) -> None:
    begun = _posted(connection, "/reset", {"task_id": TASK_ID})
    session_id = msgspec.json.decode(begun, type=_Begun).metadata.session_id
    action = {"action_type": "edit_code", "code": source}
    step = {"session_id": session_id, "request_id": f"bench-{session_id}", "action": action}
    _posted(connection, "/step", step)


def _posted(connection: HTTPConnection, path: str, content: object) -> bytes:
    connection.request("POST", path, msgspec.json.encode(content), _JSON)
    response = connection.getresponse()
    body = response.read()
    if response.status != _OK:
        raise BenchFailed(f"{path} was answered {response.status}: {body[:300]!r}")
    return body


def _used_bytes(redis: Redis) -> int:
    for key in redis.scan_iter("rq:*", count=1000):
        redis.delete(key)
    return int(redis.info("memory")["used_memory"])
