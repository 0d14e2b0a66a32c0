"""Where an environment server is, over HTTP and over WebSocket."""

from typing import Self
from urllib.parse import urlsplit, urlunsplit

from msgspec import Struct

from agents.settings import BadSetting, is_loopback

SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}


class ServerAddress(Struct, frozen=True, kw_only=True):
    """An environment server's base address, without a trailing slash."""

    http_url: str
    is_loopback: bool

    @classmethod
    def parse(cls, url: str) -> Self:
        """Accept http, https, ws and wss addresses, a path included.

        Raises:
            BadSetting: If `url` is none of them.
        """
        try:
            parts = urlsplit(url.strip())
            host, _port = parts.hostname, parts.port
        except ValueError as error:
            raise BadSetting(f"--env-url is no URL: {error}") from error
        if parts.scheme not in SCHEMES or not host:
            raise BadSetting("--env-url must look like http://127.0.0.1:8000")
        path = parts.path.rstrip("/").removesuffix("/ws")
        http_url = urlunsplit((SCHEMES[parts.scheme], parts.netloc, path, "", ""))
        return cls(http_url=http_url, is_loopback=is_loopback(host))

    @property
    def socket_url(self) -> str:
        """The address of the episodes' sockets."""
        return f"ws{self.http_url.removeprefix('http')}/ws"

    @property
    def shown(self) -> str:
        """The address without user name and password."""
        parts = urlsplit(self.http_url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
