"""How the gateway connects to Redis."""

from typing import Final

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

ANSWER_S: Final = 5.0
"""How long one command may take, and wait for a connection, seconds."""
CONNECT_S: Final = 2.0
CONNECTIONS: Final = 32
"""How many at most; whoever needs one more waits for it."""


def async_client(url: str, *, answer_s: float = ANSWER_S) -> Redis:
    """Make a client that sends every command once.

    What is sent again by itself, as redis-py does ten times unless told otherwise, may act again.
    """
    pool: BlockingConnectionPool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=answer_s,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=answer_s,
        socket_connect_timeout=CONNECT_S,
    )
    return Redis.from_pool(pool)
