"""Session stores of several gateways in one Redis."""

from functools import partial
from uuid import uuid4

from redis.asyncio import Redis

from gateway.redis_store import RedisEpisodeStore
from tests.contract import episodes

LIMIT = 100
LEASE_S = 60.0
PREFIX = "pcr:"

begun = partial(episodes.begun, lease_s=LEASE_S)


def store_of(redis: Redis, gateway_id: str, **changes: object) -> RedisEpisodeStore:
    chosen: dict[str, object] = {
        "limit": LIMIT,
        "idle_s": 100.0,
        "new_token": lambda: str(uuid4()),
        "patience_s": 0.3,
        **changes,
    }
    return RedisEpisodeStore(redis, gateway_id=gateway_id, **chosen)  # type: ignore[arg-type]


async def die(redis: Redis, gateway_id: str) -> None:
    """Let the time after a gateway's last sign of life pass at once."""
    await redis.delete(f"{PREFIX}gateway:{gateway_id}")
