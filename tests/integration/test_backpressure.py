"""What callers of real gateways are told when the queue in Redis is full, by count or by age."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest
from redis import Redis
from websockets.sync.client import connect

from tests.e2e.live import LiveServer, serving
from tests.integration.cluster import queue_of, wait_until
from tests.redis_server import RedisServer

STEP = {"action": {"action_type": "run_tests"}}
GRADING = {"task_id": "bug_fix_session_windows", "code": "x = 1\n"}
DEADLINE_S = 4.0
LIMITS = {
    "count": {"QUEUE_LIMIT": "1"},
    "age": {"QUEUE_AGE_LIMIT_S": "0.3"},
}
"""Each leaves the other limit at its default, far away."""


@contextmanager
def one_waiting(server: LiveServer, redis: Redis) -> Iterator[None]:
    """Let one grading wait for a worker that never comes."""
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(
            httpx.post, f"{server.url}/grade", json=GRADING, timeout=2 * DEADLINE_S
        )
        wait_until(lambda: queue_of(redis).count == 1)
        yield
        assert waiting.result().status_code == httpx.codes.SERVICE_UNAVAILABLE


@pytest.mark.parametrize("limit", sorted(LIMITS))
def test_a_full_queue_is_503_with_retry_after_and_capacity_reached_on_sockets(
    redis_server: RedisServer, limit: str
) -> None:
    environ = {"REDIS_URL": redis_server.url, "GRADE_DEADLINE_S": str(DEADLINE_S), **LIMITS[limit]}
    with (
        Redis.from_url(redis_server.url) as redis,
        serving(environ) as server,
        httpx.Client(base_url=server.url, timeout=30) as client,
        connect(f"{server.url.replace('http', 'ws')}/ws") as socket,
    ):
        client.post("/reset", json={})
        socket.send('{"type": "reset"}')
        assert json.loads(socket.recv(timeout=10))["type"] == "observation"
        with one_waiting(server, redis):
            wait_until(lambda: client.get("/readyz").json()["reasons"][1:] != [])
            reasons = client.get("/readyz").json()["reasons"]
            refused = [client.post("/step", json=STEP), client.post("/grade", json=GRADING)]
            socket.send(json.dumps({"type": "step", "data": STEP["action"]}))
            told = json.loads(socket.recv(timeout=10))
            socket.send('{"type": "state"}')
            after = json.loads(socket.recv(timeout=10))
            counted = client.get("/metrics").text
            waiting = queue_of(redis).count

    assert reasons[1:] == [
        {"count": "the grading queue is full", "age": "the grading queue does not move"}[limit]
    ]
    for answer in refused:
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
        assert int(answer.headers["Retry-After"]) >= 1
        assert "no step was taken" in answer.json()["detail"]
    assert told["data"]["code"] == "CAPACITY_REACHED"
    assert told["data"]["retry_after_s"] >= 1
    assert (after["data"]["step_count"], after["type"]) == (0, "state")
    assert "code_review_queue_refusals_total 3.0" in counted
    assert 'code_review_socket_frames_total{answer="CAPACITY_REACHED",type="step"} 1.0' in counted
    assert waiting == 1


def test_the_last_session_slot_is_refused_over_both_roads(redis_server: RedisServer) -> None:
    environ = {"REDIS_URL": redis_server.url, "MAX_CONCURRENT_ENVS": "1"}
    with serving(environ) as server:
        url = f"{server.url.replace('http', 'ws')}/ws"
        with connect(url) as holder:
            holder.send('{"type": "reset"}')
            assert json.loads(holder.recv(timeout=10))["type"] == "observation"
            refused = httpx.post(f"{server.url}/reset", json={}, timeout=30)
            with connect(url) as socket:
                told = json.loads(socket.recv(timeout=10))

    assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert int(refused.headers["Retry-After"]) >= 1
    assert told["data"]["code"] == "CAPACITY_REACHED"
    assert (told["data"]["active_sessions"], told["data"]["max_sessions"]) == (1, 1)
