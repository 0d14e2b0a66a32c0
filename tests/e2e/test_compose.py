"""`docker compose up` as a user says it: it becomes healthy, plays all tasks and leaves nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from tests.e2e.conftest import TASK_IDS
from tests.e2e.live import free_port
from tests.tree import ROOT

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]

HEALTHY_WITHIN_S = 120.0
WORKERS = 3


@pytest.fixture(scope="module")
def deployment(image: str) -> Iterator[tuple[str, str]]:
    """Bring a deployment up; give its project name and where it answers."""
    project = f"pcrtest{uuid4().hex[:8]}"
    port = free_port()
    environ = {**os.environ, "IMAGE": image, "PUBLISH": f"127.0.0.1:{port}"}
    compose = [str(ROOT / "scripts" / "compose.sh"), "-p", project]
    up = [*compose, "up", "--build", "-d", "--scale", f"worker={WORKERS}"]
    try:
        subprocess.run(up, check=True, env=environ, stdout=subprocess.DEVNULL)
        yield project, f"http://127.0.0.1:{port}"
    finally:
        subprocess.run([*compose, "down", "-v"], check=True, env=environ, capture_output=True)
    assert listed("ps", "--all", project) == []
    assert listed("volume", "ls", project) == []
    assert listed("network", "ls", project) == []


def listed(*argv: str) -> list[str]:
    *command, project = argv
    kinds = ["container", *command] if command[0] == "ps" else command
    label = f"label=com.docker.compose.project={project}"
    done = subprocess.run(
        ["docker", *kinds, "--quiet", "--filter", label], check=True, capture_output=True, text=True
    )
    return done.stdout.split()


def healths(project: str) -> list[str]:
    ids = listed("ps", "--all", project)
    form = "{{.State.Health.Status}}"
    done = subprocess.run(
        ["docker", "inspect", "--format", form, *ids], check=True, capture_output=True, text=True
    )
    return done.stdout.split()


def test_it_becomes_healthy_and_plays_all_tasks(deployment: tuple[str, str]) -> None:
    project, url = deployment
    give_up_s = time.monotonic() + HEALTHY_WITHIN_S
    while healths(project) != ["healthy"] * (WORKERS + 2):
        assert time.monotonic() < give_up_s, healths(project)
        time.sleep(0.5)

    ready = httpx.get(f"{url}/readyz", timeout=30)
    played = subprocess.run(
        [sys.executable, "inference.py", "--env-url", url, "--policy", "reference"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert ready.status_code == httpx.codes.OK, ready.text
    assert {"landlock", "seccomp"} <= set(ready.json()["isolation"]["layers"])
    assert played.count("[END] success=true") == len(TASK_IDS)
