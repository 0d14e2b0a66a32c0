"""Starts one container, and leaves nothing behind where that fails."""

from collections.abc import Callable
from typing import Any

from sandbox.containers.contained import Contained
from sandbox.containers.engine import Engine
from sandbox.guest.edition import edition
from sandbox.guest.orders import Hello
from sandbox.outcome import SandboxUnavailable


def started(
    engine: Engine, settings: dict[str, Any], note: Callable[[str], None]
) -> tuple[Contained, Hello]:
    """Return a container whose guest waits for its job, and what its fork server said.

    Args:
        settings: See `sandbox.containers.boundary`.
        note: Told the container's identity as soon as it has one.

    Raises:
        SandboxUnavailable: If it does not come to that.
    """
    identity = engine.create(settings)
    note(identity)
    try:
        wire = engine.attach(identity)  # before the start, or its first words are lost
        contained = Contained(identity, wire)
        try:
            engine.start(identity)
            hello = contained.until_ready()
            _demand_same_edition(hello, settings["Image"])
        except SandboxUnavailable:
            contained.close()
            raise
    except SandboxUnavailable as failed:
        try:
            engine.remove(identity)
        except SandboxUnavailable as also:  # as when it is the engine that went away
            raise SandboxUnavailable(f"{failed}; {also}") from failed
        raise
    return contained, hello


def _demand_same_edition(hello: Hello, image: str) -> None:
    if hello.edition != edition():
        raise SandboxUnavailable(
            f"the image {image} holds other guest code than this server: build it anew with "
            "`make sandbox-image`"
        )
