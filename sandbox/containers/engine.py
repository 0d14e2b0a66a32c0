"""The Docker engine: the only module that knows its SDK. One thread each."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from docker import APIClient
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from msgspec import Struct

from sandbox.containers.boundary import MADE_BY, MAKER, OWNER
from sandbox.outcome import SandboxUnavailable

_TIMEOUT_S: Final = 20
"""How long the engine may take over one request."""
_ATTACHED: Final = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
_UNIX: Final = "unix://"
_CONFLICT: Final = 409
"""Ended already, or being removed: what was wanted is so."""


class Listed(Struct, frozen=True, kw_only=True):
    """One container of ours, anybody's, as the engine lists it."""

    identity: str
    owner: str
    is_running: bool


class Engine:
    """A connection to one engine.

    Args:
        host: Address such as `unix:///var/run/docker.sock`.

    Raises:
        SandboxUnavailable: From every method, when the engine does not do what it is asked.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        with self._answering():
            _knock(host)
            self._client = APIClient(base_url=host, version="auto", timeout=_TIMEOUT_S)

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except ImageNotFound as absent:
            raise SandboxUnavailable(
                f"{absent.explanation}: build it with `make sandbox-image`"
            ) from absent
        except (DockerException, OSError) as failed:
            raise SandboxUnavailable(
                f"the Docker engine at {self._host} fails: {failed}; see that it runs and that "
                "this user may use its socket"
            ) from failed

    def create(self, settings: dict[str, Any]) -> str:
        """Create a container and return its identity; it does not run yet."""
        with self._answering():
            made = self._client.create_container_from_config(settings)  # type: ignore[no-untyped-call]
        identity: str = made["Id"]
        return identity

    def attach(self, identity: str) -> socket.socket:
        """Return a socket to the container's standard streams, its output in the engine's frames.

        The container reads end of file when the socket, or the process that holds it, is gone.
        """
        with self._answering():
            attached: Any = self._client.attach_socket(identity, params=_ATTACHED)
        ours = socket.socket(fileno=socket.dup(attached.fileno()))
        attached._sock.close()  # noqa: SLF001 - the SDK's reader would keep the connection open
        attached.close()
        return ours

    def start(self, identity: str) -> None:
        """Start a created container."""
        with self._answering():
            self._client.start(identity)

    def limit_memory(self, identity: str, limits: dict[str, int]) -> None:
        """Change what a running container may use."""
        with self._answering():
            self._client.update_container(
                identity, mem_limit=limits["Memory"], memswap_limit=limits["MemorySwap"]
            )

    def remove(self, identity: str) -> None:
        """Kill and remove a container, whatever it does; one that is gone already is let be."""
        with self._answering():
            try:
                self._client.remove_container(identity, force=True)
            except NotFound:
                return
            except APIError as refused:
                if refused.status_code != _CONFLICT:
                    raise

    def listed(self) -> list[Listed]:
        """Return all containers made here, by whomever, in whatever state."""
        with self._answering():
            found = self._client.containers(all=True, filters={"label": f"{MADE_BY}={MAKER}"})
        return [
            Listed(
                identity=one["Id"],
                owner=one["Labels"].get(OWNER, ""),
                is_running=one["State"] == "running",
            )
            for one in found
        ]

    def close(self) -> None:
        """Close the connection."""
        with suppress(OSError):
            self._client.close()


def _knock(host: str) -> None:
    """Find out whether somebody listens; the SDK leaves its socket open where nobody does."""
    if host.startswith(_UNIX):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(host.removeprefix(_UNIX))
