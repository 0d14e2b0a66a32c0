"""The Compose profile whose workers give each submission a container of the host's engine."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple
from uuid import uuid4

import httpx
import pytest

from tests.containers import ENGINE, left_of
from tests.e2e.conftest import TASK_IDS
from tests.e2e.live import free_port
from tests.tree import ROOT

pytestmark = [pytest.mark.docker, pytest.mark.timeout(300)]

READY_WITHIN_S: Final = 90.0
GONE_WITHIN_S: Final = 10.0


class Deployment(NamedTuple):
    """A running cluster: where it answers, and its worker's container."""

    url: str
    worker: str


@pytest.fixture(scope="module", name="deployment")
def started_deployment(image: str, sandbox_image: str) -> Iterator[Deployment]:
    project = f"pcrcontainers{uuid4().hex[:8]}"
    port = free_port()
    environ = {
        **os.environ,
        "IMAGE": image,
        "SANDBOX_IMAGE": sandbox_image,
        "SANDBOX_WARM": "1",
        "GRADING_CONCURRENCY": "1",
        "PUBLISH": f"127.0.0.1:{port}",
        "DOCKER_GID": str(Path(ENGINE.removeprefix("unix://")).stat().st_gid),
    }
    compose = [str(ROOT / "scripts" / "compose.sh"), "-p", project, "--profile", "docker-sandbox"]
    try:
        up = [*compose, "up", "--no-build", "-d", "--scale", "worker=0"]
        subprocess.run(up, check=True, env=environ, capture_output=True)
        ps = [*compose, "ps", "-q", "worker-docker"]
        worker = subprocess.run(ps, check=True, env=environ, capture_output=True, text=True).stdout
        yield Deployment(f"http://127.0.0.1:{port}", worker.strip())
    finally:
        subprocess.run([*compose, "down", "-v"], check=True, env=environ, capture_output=True)


def until(fact: Callable[[], bool], within_s: float) -> None:
    """Wait for a fact."""
    give_up_s = time.monotonic() + within_s
    while not fact():
        assert time.monotonic() < give_up_s, "it did not come to be"
        time.sleep(0.2)


def is_ready(url: str) -> bool:
    """Say whether a gateway with workers answers there."""
    try:
        return httpx.get(f"{url}/readyz", timeout=10).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def test_tasks_are_played_in_containers_of_which_a_killed_worker_leaves_none(
    deployment: Deployment,
) -> None:
    until(lambda: is_ready(deployment.url), READY_WITHIN_S)
    layers = httpx.get(f"{deployment.url}/readyz", timeout=10).json()["isolation"]["layers"]
    owner = f"{deployment.worker[:12]}-"

    played = subprocess.run(
        [sys.executable, "inference.py", "--env-url", deployment.url, "--policy", "reference"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert {"container", "seccomp"} <= set(layers)
    assert played.count("[END] success=true") == len(TASK_IDS)
    until(lambda: bool(left_of(owner)), READY_WITHIN_S)
    subprocess.run(["docker", "kill", deployment.worker], check=True, capture_output=True)
    until(lambda: not left_of(owner), GONE_WITHIN_S)
