"""Two gateways and two workers around one Redis, as processes, and the death of each."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis import Redis
from websockets.sync.client import connect

from tasks.catalogue import load
from tests.e2e.live import LiveServer, serving
from tests.integration.cluster import alive_workers, busy_pid, crew
from tests.redis_server import RedisServer, running_redis

TASK = load(()).get("bug_fix_session_windows")
RESUMES_WITHIN_S = 8.0
SLOW = "import time\n\ntime.sleep(1)\n"


@contextmanager
def two_gateways(url: str) -> Iterator[tuple[LiveServer, LiveServer]]:
    environ = {"REDIS_URL": url}
    with serving(environ) as one, serving(environ) as other:
        yield one, other


@pytest.fixture(scope="module")
def cluster(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[RedisServer, LiveServer, LiveServer]]:
    with (
        running_redis(tmp_path_factory.mktemp("redis"), append_only=True) as redis,
        crew(redis.url, 2),
        two_gateways(redis.url) as (one, other),
    ):
        yield redis, one, other


def posted(server: LiveServer, path: str, body: dict[str, Any]) -> httpx.Response:
    return httpx.post(server.url + path, json=body, timeout=60)


def step(session_id: str, kind: str, code: str | None = None, **more: Any) -> dict[str, Any]:
    return {"session_id": session_id, "action": {"action_type": kind, "code": code}, **more}


def reset(server: LiveServer) -> str:
    answer = posted(server, "/reset", {"task_id": "bug_fix_session_windows"})
    assert answer.status_code == httpx.codes.OK, answer.text
    session_id: str = answer.json()["metadata"]["session_id"]
    return session_id


def test_an_episode_goes_on_at_whichever_gateway(
    cluster: tuple[RedisServer, LiveServer, LiveServer],
) -> None:
    _, one, other = cluster
    assert TASK is not None
    session_id = reset(one)
    tried = posted(other, "/step", step(session_id, "run_tests"))
    edited = posted(one, "/step", step(session_id, "edit_code", TASK.reference))
    handed_in = posted(other, "/step", step(session_id, "submit_solution"))

    assert tried.json()["observation"]["attempts_remaining"] == TASK.max_steps - 1
    assert edited.json()["reward"] > tried.json()["reward"]
    assert handed_in.json()["done"]
    assert handed_in.json()["observation"]["success"]


def test_the_default_session_is_the_same_at_every_gateway(
    cluster: tuple[RedisServer, LiveServer, LiveServer],
) -> None:
    _, one, other = cluster
    assert TASK is not None
    posted(one, "/reset", {"task_id": TASK.id, "episode_id": "of-nobody"})

    stepped = posted(other, "/step", {"action": {"action_type": "run_tests"}})

    assert stepped.json()["observation"]["task_id"] == TASK.id
    state = httpx.get(f"{one.url}/state", timeout=30).json()
    assert (state["episode_id"], state["step_count"]) == ("of-nobody", 1)


def test_a_request_that_is_sent_again_to_the_other_gateway_acts_once(
    cluster: tuple[RedisServer, LiveServer, LiveServer],
) -> None:
    _, one, other = cluster
    session_id = reset(one)
    first = posted(one, "/step", step(session_id, "run_tests", request_id="r"))
    again = posted(other, "/step", step(session_id, "run_tests", request_id="r"))

    assert again.json() == first.json()
    state = httpx.get(f"{other.url}/state", params={"session_id": session_id}, timeout=30)
    assert state.status_code == httpx.codes.OK


def test_a_batch_is_graded_by_the_workers_and_a_fault_stays_in_its_place(
    cluster: tuple[RedisServer, LiveServer, LiveServer],
) -> None:
    _, one, _ = cluster
    assert TASK is not None
    right = {"task_id": TASK.id, "code": TASK.reference}
    items = [{**right, "task_id": "nope"}, {**right, "code": TASK.starter}, *([right] * 38)]
    answer = posted(one, "/grade/batch", {"items": items})

    results = answer.json()["results"]
    assert results[0]["error"]["status"] == httpx.codes.NOT_FOUND
    assert [result["grade"]["passed"] for result in results[1:]] == [False, *([True] * 38)]


def test_a_gateway_is_ready_and_says_which_layers_confine_submissions(
    cluster: tuple[RedisServer, LiveServer, LiveServer],
) -> None:
    _, one, _ = cluster
    ready = httpx.get(f"{one.url}/readyz", timeout=30)

    assert ready.status_code == httpx.codes.OK, ready.text
    assert ready.json()["self_test"] == "passed"
    assert ready.json()["load"]["grading_concurrency"] == 2
    assert "process" in ready.json()["isolation"]["layers"]


def test_a_worker_killed_in_mid_step_costs_nothing_but_time(
    cluster: tuple[RedisServer, LiveServer, LiveServer],
) -> None:
    server, one, _ = cluster
    session_id = reset(one)
    assert TASK is not None
    with Redis.from_url(server.url) as redis, connect(_socket(one, session_id)) as socket:
        action = {"action_type": "edit_code", "code": SLOW + TASK.reference}
        socket.send(json.dumps({"type": "step", "data": action}))
        os.kill(busy_pid(redis), signal.SIGKILL)
        began_s = time.monotonic()
        answer = json.loads(socket.recv(timeout=30))
        took_s = time.monotonic() - began_s
        give_up_s = time.monotonic() + 20
        while len(alive_workers(redis)) < 2 and time.monotonic() < give_up_s:
            time.sleep(0.1)

    assert answer["type"] == "observation", answer
    assert answer["data"]["observation"]["attempts_remaining"] == TASK.max_steps - 1
    assert took_s < RESUMES_WITHIN_S


def test_a_socket_of_a_killed_gateway_resumes_at_the_other(
    cluster: tuple[RedisServer, LiveServer, LiveServer],
) -> None:
    server, _, other = cluster
    assert TASK is not None
    with serving({"REDIS_URL": server.url}) as doomed:
        session_id = reset(doomed)
        with connect(_socket(doomed, session_id)) as socket:
            socket.send(json.dumps({"type": "step", "data": {"action_type": "run_tests"}}))
            assert json.loads(socket.recv(timeout=30))["type"] == "observation"
            socket.send(
                json.dumps({"type": "step", "data": {"action_type": "edit_code", "code": SLOW}})
            )
            time.sleep(0.2)
            os.kill(doomed.pid, signal.SIGKILL)
        began_s = time.monotonic()
        with connect(_socket(other, session_id)) as socket:
            socket.send(
                json.dumps(
                    {"type": "step", "data": {"action_type": "edit_code", "code": TASK.reference}}
                )
            )
            answer = json.loads(socket.recv(timeout=30))
        took_s = time.monotonic() - began_s

    assert answer["type"] == "observation", answer
    assert answer["data"]["observation"]["attempts_remaining"] == TASK.max_steps - 2
    assert took_s < RESUMES_WITHIN_S


def test_while_redis_is_away_steps_are_refused_as_our_fault_and_then_go_on(
    tmp_path: Path,
) -> None:
    with (
        running_redis(tmp_path, append_only=True) as redis,
        crew(redis.url, 1),
        serving({"REDIS_URL": redis.url}) as server,
    ):
        session_id = reset(server)
        time.sleep(1.2)  # appendfsync everysec
        redis.stop(signal.SIGKILL)
        refused = posted(server, "/step", step(session_id, "run_tests"))
        ready = httpx.get(f"{server.url}/readyz", timeout=30)
        with connect(f"{server.url.replace('http', 'ws')}/ws") as socket:
            not_made = json.loads(socket.recv(timeout=30))
        redis.start()
        give_up_s = time.monotonic() + 15
        while (after := posted(server, "/step", step(session_id, "run_tests"))).status_code != 200:
            assert time.monotonic() < give_up_s, after.text
            time.sleep(0.2)

    assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert refused.headers["Retry-After"] == "1"
    assert "no step was taken" in refused.json()["detail"]
    assert not_made["data"]["code"] == "FACTORY_ERROR"
    assert not_made["data"]["factory_name"] == "python_code_review_env"
    assert ready.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert "the sessions can not be reached" in ready.json()["reasons"]
    assert TASK is not None
    assert after.json()["observation"]["attempts_remaining"] == TASK.max_steps - 1


def _socket(server: LiveServer, session_id: str) -> str:
    return f"{server.url.replace('http', 'ws')}/ws?session_id={session_id}"
