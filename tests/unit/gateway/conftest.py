"""A server with room for two sessions, and its address."""

from collections.abc import AsyncIterator, Iterator

import pytest
from litestar.testing import AsyncTestClient

from tests.unit.gateway.examples import Parts, assembled, serving
from tests.unit.gateway.http_client import Client


@pytest.fixture
def parts() -> Parts:
    return assembled(max_concurrent_envs=2, max_body_bytes=200_000)


@pytest.fixture
def address(parts: Parts) -> Iterator[str]:
    with serving(parts) as address:
        yield address


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with AsyncTestClient(assembled().app) as client:
        yield client
