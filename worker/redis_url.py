"""Where Redis is, as an operator writes it."""

from typing import Final

from redis.connection import parse_url

_EXPECTED: Final = (
    "must be a URL such as redis://host:6379/0; it begins with redis://, rediss:// or unix:// and "
    "its port is a number"
)


def wrong_with(url: str) -> str:
    """Say what is wrong with a URL, nothing when it will do. It is not quoted: it holds a password.

    Source: redis-py, `redis.connection.parse_url`.
    """
    try:
        parse_url(url)  # type: ignore[no-untyped-call]
    except ValueError:
        return _EXPECTED
    return ""
