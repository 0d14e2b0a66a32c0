"""Session stores of several gateways in one Redis."""

from uuid import uuid4

from redis.asyncio import Redis

from gateway.episode import Session
from gateway.redis_store import RedisEpisodeStore
from gateway.store import Lease
from tests.contract.episodes import running

LIMIT = 100


LEASE_S = 60.0


PREFIX = "pcr:"


def store_of(redis: Redis, gateway_id: str, **changes: object) -> RedisEpisodeStore:
    chosen: dict[str, object] = {
        "limit": LIMIT,
        "idle_s": 100.0,
        "new_token": lambda: str(uuid4()),
        "patience_s": 0.3,
        **changes,
    }
    return RedisEpisodeStore(redis, gateway_id=gateway_id, **chosen)  # type: ignore[arg-type]


def session(name: str) -> Session:
    return Session(session_id=name, episode=running())


async def begun(store: RedisEpisodeStore, name: str, request_id: str | None = None) -> Lease:
    lease = await store.begin(name, lease_s=LEASE_S, request_id=request_id)
    assert isinstance(lease, Lease)
    return lease


async def die(redis: Redis, gateway_id: str) -> None:
    """Let the time after a gateway's last sign of life pass at once."""
    await redis.delete(f"{PREFIX}gateway:{gateway_id}")
