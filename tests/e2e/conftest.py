"""Servers, OpenEnv releases and a Docker image for the end-to-end tests."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path

import pytest

from tests.e2e.live import LiveServer, serving
from tests.tree import ROOT

RELEASES = ("openenv-0.10.0", "openenv-core-0.3.0")
TASK_IDS = (
    "syntax_fix_invoice_totals",
    "bug_fix_session_windows",
    "optimization_rank_active_users",
)

CLIENT_INSTALLED_WITHIN_S = 900
"""The first test to ask for a client installs it, while other tests run beside."""

ClientPython = Callable[[str], Path]


@pytest.fixture(scope="session")
def simulation_server() -> Iterator[LiveServer]:
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def production_server() -> Iterator[LiveServer]:
    with serving({"OPENENV_MODE": "production"}) as server:
        yield server


@pytest.fixture(scope="session")
def references() -> dict[str, str]:
    """The reference solution of each task that ships, by task id."""
    catalog = ROOT / "tasks" / "catalog"
    return {task_id: (catalog / task_id / "reference.py").read_text() for task_id in TASK_IDS}


@pytest.fixture(scope="session")
def client_python() -> ClientPython:
    """Give the interpreter of an OpenEnv release, installed on first use."""

    @cache
    def interpreter(release: str) -> Path:
        script = ROOT / "scripts" / "openenv_client.sh"
        done = subprocess.run(
            [script, sys.executable, release], check=True, stdout=subprocess.PIPE, text=True
        )
        return Path(done.stdout.strip())

    return interpreter


@pytest.fixture(scope="session")
def image(docker_engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service's image, built from this tree.

    Each process of a run has a tag of its own to remove; the first to come builds, the others wait
    and find every layer in the engine's cache, as `docker compose up --build` does after them.
    """
    tag = f"python-code-review-env:test-{os.getpid()}"
    with (tmp_path_factory.getbasetemp().parent / "image.guard").open("w") as guard:
        flock(guard, LOCK_EX)
        subprocess.run(["docker", "build", "--quiet", "--tag", tag, str(ROOT)], check=True)
    try:
        yield tag
    finally:
        subprocess.run(["docker", "image", "rm", "--force", tag], check=True, capture_output=True)
