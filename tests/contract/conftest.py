"""Every session store there is, and the clock it goes by."""

import itertools
from collections.abc import AsyncIterator

import pytest

from gateway.redis_client import async_client
from gateway.redis_store import RedisEpisodeStore
from gateway.store import EpisodeStore
from tests.contract.episodes import IDLE_S, LIMIT, Hands, memory_store


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture(params=["memory", "redis"])
async def store(request: pytest.FixtureRequest, clock: Hands) -> AsyncIterator[EpisodeStore]:
    if request.param == "memory":
        yield memory_store(clock)
        return
    tokens = itertools.count()
    async with async_client(request.getfixturevalue("redis_server").url) as redis:
        yield RedisEpisodeStore(
            redis,
            gateway_id="g1",
            limit=LIMIT,
            idle_s=IDLE_S,
            new_token=lambda: f"token-{next(tokens)}",
            now=clock,
        )
