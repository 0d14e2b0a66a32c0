"""A real Redis and a real Docker engine for the tests that ask for them."""

import os
import subprocess
from collections.abc import Iterator

import pytest
from redis import Redis

from tests.redis_server import RedisServer, running_redis
from tests.tree import ROOT


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
