"""Servers, OpenEnv releases and a Docker image for the end-to-end tests."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
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
def image(docker_engine: None) -> Iterator[str]:
    """The service's image, built from this tree."""
    tag = f"python-code-review-env:test-{os.getpid()}"
    subprocess.run(["docker", "build", "--quiet", "--tag", tag, str(ROOT)], check=True)
    try:
        yield tag
    finally:
        subprocess.run(["docker", "image", "rm", "--force", tag], check=True, capture_output=True)
