"""/readyz and /metrics of real gateways while Redis, the workers or a sandbox are away."""

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from redis import Redis

from tests.e2e.live import LiveServer, serving
from tests.integration.cluster import alive_workers, crew, wait_until
from tests.integration.sandbox_exams import children
from tests.redis_server import RedisServer, running_redis

NO_WORKER = "no worker is alive"
NO_QUEUE = "the grading queue can not be reached"
NO_SESSIONS = "the sessions can not be reached"
STANDARD_STREAMS = 3
ANY_GRADING = {"task_id": "bug_fix_session_windows", "code": "x = 1\n"}


def readiness(client: httpx.Client) -> dict[str, Any]:
    answer = client.get("/readyz")
    report: dict[str, Any] = answer.json()
    assert (answer.status_code == httpx.codes.OK) == report["ready"], answer.text
    assert report["ready"] == (report["reasons"] == [])
    return report


def is_ready(client: httpx.Client) -> bool:
    return bool(readiness(client)["ready"])


def shown(client: httpx.Client) -> list[str]:
    """Return the lines of /metrics that hold a value."""
    text = client.get("/metrics").text
    return [line for line in text.splitlines() if not line.startswith("#")]


def client_of(server: LiveServer) -> httpx.Client:
    return httpx.Client(base_url=server.url, timeout=30)


@contextmanager
def no_more_descriptors(pid: int) -> Iterator[None]:
    """Let a process open nothing, and take its fork servers away."""
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (STANDARD_STREAMS, before[1]))
    for child in children(pid):
        os.kill(child, signal.SIGKILL)
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


def test_without_workers_or_redis_a_gateway_is_not_ready_and_says_which(tmp_path: Path) -> None:
    with (
        running_redis(tmp_path, append_only=True) as redis,
        serving({"REDIS_URL": redis.url}) as server,
        client_of(server) as client,
    ):
        alone = readiness(client)
        assert alone["reasons"] == [NO_WORKER]
        assert "code_review_workers 0.0" in shown(client)
        with crew(redis.url, 1):
            wait_until(lambda: is_ready(client))
            assert "code_review_workers 1.0" in shown(client)
        assert readiness(client)["reasons"] == [NO_WORKER]

        redis.stop(signal.SIGKILL)
        assert readiness(client)["reasons"] == [NO_QUEUE, NO_SESSIONS]
        without = shown(client)
        assert 'code_review_part_up{part="queue"} 0.0' in without
        assert 'code_review_part_up{part="sessions"} 0.0' in without
        assert not [line for line in without if line.startswith("code_review_queue_depth")]

        redis.start()
        wait_until(lambda: readiness(client)["reasons"] == [NO_WORKER])


def test_a_worker_whose_sandbox_is_lost_is_found_by_the_self_test(
    redis_server: RedisServer,
) -> None:
    with (
        Redis.from_url(redis_server.url) as redis,
        crew(redis_server.url, 1),
        serving({"REDIS_URL": redis_server.url}) as server,
        client_of(server) as client,
    ):
        assert client.post("/grade", json=ANY_GRADING).status_code == httpx.codes.OK
        (worker,) = alive_workers(redis)
        assert worker.pid is not None
        with no_more_descriptors(worker.pid):
            without = readiness(client)
        wait_until(lambda: is_ready(client))

    assert without["self_test"] == "failed"
    assert len(without["reasons"]) == 1
    assert "the self-test could not be graded" in without["reasons"][0]
    assert without["load"]["grading_concurrency"] == 1


def test_a_single_server_whose_sandbox_is_lost_is_not_ready_until_it_is_back() -> None:
    with serving({"GRADING_CONCURRENCY": "1"}) as server, client_of(server) as client:
        assert is_ready(client)
        with no_more_descriptors(server.pid):
            refused = client.post("/grade", json=ANY_GRADING)
            without = readiness(client)
        wait_until(lambda: is_ready(client))

    assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert refused.headers["Retry-After"] == "1"
    assert without["reasons"][0] == "the sandbox is unavailable: no fork server is running"
    assert without["self_test"] == "failed"
