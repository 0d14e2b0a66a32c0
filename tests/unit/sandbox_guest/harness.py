"""The shapes of the fixtures here."""

from typing import Protocol

from sandbox.guest.testing import running, verdict


class Collect(Protocol):
    """Collects a test file whose `solution` holds the given names."""

    def __call__(
        self, source: str, *, hidden: bool = False, **solution: object
    ) -> list[running.CollectedTest]: ...


class Examine(Protocol):
    """Collects a test file, runs its tests, and returns their verdicts by name."""

    def __call__(
        self, source: str, *, hidden: bool = False, **solution: object
    ) -> dict[str, verdict.TestVerdict]: ...
