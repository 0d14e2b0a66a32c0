"""Steps that were sent to the store, which did not say whether it kept them.

The caller is told so and asks again. If the step was kept, the same request gets its answer, so
that it acts once even where the caller names no `request_id`.
"""

from typing import Final, NamedTuple

from gateway.episode import Turn
from gateway.incoming import StepRequest
from gateway.store import Lease

_KEPT: Final = 1024
"""How many are remembered; the oldest give way."""


class _Unsure(NamedTuple):
    token: str
    request: StepRequest
    turn: Turn


class UnsureSteps:
    """The latest such step of each session, at this gateway."""

    def __init__(self) -> None:
        self._steps: dict[str, _Unsure] = {}

    def note(self, lease: Lease, request: StepRequest, turn: Turn) -> None:
        """Remember a step that was made under a lease."""
        if len(self._steps) >= _KEPT:
            del self._steps[next(iter(self._steps))]
        self._steps[lease.session.session_id] = _Unsure(lease.token, request, turn)

    def answer(self, lease: Lease, request: StepRequest) -> Turn | None:
        """Return the turn of the same request just before, if that was kept after all."""
        unsure = self._steps.pop(lease.session.session_id, None)
        if unsure is None or (lease.committed, request) != (unsure.token, unsure.request):
            return None
        return unsure.turn
