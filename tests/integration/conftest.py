"""A sandbox whose candidates are processes of this machine, and a client of the test's Redis."""

from collections.abc import Iterator

import pytest
from redis import Redis

from sandbox.process import ProcessSandbox
from tests.redis_server import RedisServer


@pytest.fixture(scope="module", name="sandbox")
def shared_sandbox() -> Iterator[ProcessSandbox]:
    with ProcessSandbox(concurrency=2) as sandbox:
        yield sandbox


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[Redis]:
    with Redis.from_url(redis_server.url) as client:
        yield client
