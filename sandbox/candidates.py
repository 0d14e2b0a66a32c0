"""The seam between an exam and whatever its candidates live in."""

from collections.abc import Sequence
from typing import Protocol

from sandbox.guest.orders import Gone
from sandbox.lane import Guest
from sandbox.limits import Limits


class Candidates(Protocol):
    """Gives guests that wait for the job of a candidate or a program, one job each.

    Raises:
        SandboxUnavailable: From every method, when our own machinery failed.
    """

    def candidate(self) -> Guest:
        """Return a confined guest that waits for its job."""
        ...

    def limit(self, guest: Guest, limits: Limits) -> None:
        """Set what a taken guest may use, where that differs from the usual."""
        ...

    def kill(self, guests: Sequence[Guest]) -> None:
        """End guests; where they ended already, nothing happens."""
        ...

    def gone(self, guest: Guest) -> Gone:
        """Wait until a taken guest has ended and say how."""
        ...

    def forget(self, guest: Guest) -> None:
        """Know nothing more of a taken guest; for one that is forgotten already, do nothing."""
        ...
