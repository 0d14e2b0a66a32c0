"""A worker's clients of Redis: one that repeats its commands, one that tries each once."""

from typing import Final

from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.retry import Retry

RECONNECT_BOUNDS_S: Final = (0.1, 1.0)
ANSWER_S: Final = 5
"""How long one command may take, whole seconds."""
RECONNECTS: Final = 8


def worker_client(url: str) -> Redis:
    """Make a worker's client. It repeats commands: everything a worker writes may be repeated."""
    shortest_s, longest_s = RECONNECT_BOUNDS_S
    client: Redis = Redis.from_url(
        url,
        retry=Retry(ExponentialWithJitterBackoff(base=shortest_s, cap=longest_s), RECONNECTS),
        socket_timeout=ANSWER_S,
        socket_connect_timeout=ANSWER_S,
    )
    return client


def once_client(url: str, answer_s: float) -> Redis:
    """Make a client that repeats nothing, for who comes back by itself.

    Args:
        answer_s: How long Redis may take, seconds.
    """
    client: Redis = Redis.from_url(
        url,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=answer_s,
        socket_connect_timeout=answer_s,
    )
    return client
