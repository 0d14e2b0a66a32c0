"""What all tests share: a real Redis, a real Docker engine, and how a parallel run is divided."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from redis import Redis
from xdist.scheduler import LoadScopeScheduling

from tests.redis_server import RedisServer, running_redis
from tests.tree import ROOT

FIRST: Final = (
    "tests/load/test_cluster_load.py",
    "tests/integration/test_rq_grading.py",
    "tests/e2e/test_openenv_validate.py",
    "tests/integration/test_inference_model.py",
    "tests/corpus/test_corpus_in_containers.py",
    "tests/e2e/test_openenv_clients.py",
    "tests/e2e/test_four_places.py",
    "tests/corpus/test_corpus.py",
    "tests/e2e/test_image.py",
    "tests/e2e/test_cluster.py",
    "tests/e2e/test_compose.py",
    "tests/property/test_racing_steps.py",
    "tests/integration/test_fuzz_http.py",
    "tests/corpus/test_honest_under_pytest.py",
    "tests/integration/test_fuzz_socket.py",
)
"""Files to begin with: the long ones, so that none is still played when the others are done.

Between the long ones stand those that wait more than they compute: what has deadlines of its own,
as a cluster that recovers and candidates in containers, shares the machine with them.
"""


DIVIDED: Final = ("tests/e2e/test_four_places.py",)
"""Files whose tests share nothing and may run at the same time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files of `FIRST`, in its order."""
    items.sort(key=lambda item: place_of(file_of(item.path)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep each file in one process. xdist 3.8 has no groups under pytest 9.2."""
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = unit_of
    return scheduler


def unit_of(nodeid: str) -> str:
    """Return what is handed out whole: a file, or a test of a divided one."""
    file = nodeid.partition("::")[0]
    return nodeid if file in DIVIDED else file


def file_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def place_of(file: str) -> int:
    return FIRST.index(file) if file in FIRST else len(FIRST)


@pytest.fixture(scope="session")
def shared_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_server(shared_redis: RedisServer) -> RedisServer:
    """Give a running server with nothing in it."""
    with Redis.from_url(shared_redis.url) as client:
        client.flushall()
    return shared_redis


@pytest.fixture(scope="session")
def docker_engine() -> None:
    """Skip where no Docker engine answers; in CI its absence is a failure."""
    answer = subprocess.run(["sh", "-c", "docker info"], capture_output=True, check=False)
    if answer.returncode == 0:
        return
    if os.environ.get("CI"):
        pytest.fail("no Docker engine answers; .ci/run has to bring one up")
    pytest.skip("needs a Docker engine: `docker info` got no answer")


@pytest.fixture(scope="session")
def sandbox_image(docker_engine: None) -> Iterator[str]:
    """The image of candidates' containers, built from this tree."""
    tag = f"python-code-review-env-sandbox:test-{os.getpid()}"
    recipe = ROOT / "sandbox" / "Dockerfile"
    build = ["docker", "build", "--quiet", "--file", str(recipe), "--tag", tag, str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    try:
        yield tag
    finally:
        subprocess.run(["docker", "image", "rm", "--force", tag], check=True, capture_output=True)
