"""Pure: which containers nobody will end any more."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Final

from sandbox.containers.engine import Listed

ORPHAN_S: Final = 5.0
"""How long a container must have looked left over."""


class Sweep:
    """Remembers what looked left over, and since when.

    A running container of another owner is let be: it ends by itself with its owner, when nobody
    holds its standard input any more. What does not run, and what is this owner's without the owner
    knowing it, nobody ends; a look later may find that it was only being started.

    Args:
        owner: Who sweeps.
    """

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._since_s: dict[str, float] = {}

    def orphans(self, listed: Iterable[Listed], alive: AbstractSet[str], now_s: float) -> list[str]:
        """Return the containers to remove.

        Args:
            alive: The owner's own that are in use, wait, or are being started.
            now_s: By a clock that only goes forward.
        """
        suspects = [one.identity for one in listed if self._looks_left_over(one, alive)]
        self._since_s = {one: self._since_s.get(one, now_s) for one in suspects}
        return [one for one, since_s in self._since_s.items() if now_s - since_s >= ORPHAN_S]

    def _looks_left_over(self, one: Listed, alive: AbstractSet[str]) -> bool:
        return one.identity not in alive if one.owner == self._owner else not one.is_running
