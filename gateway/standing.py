"""What is known of a state of the code: by respect, and as a score."""

from msgspec import Struct


class Standing(Struct, frozen=True, kw_only=True):
    """A state of the code, respect by respect; shares lie in [0, 1]."""

    compiles: bool = False
    loads: bool = False
    public: float = 0.0
    """Share of public tests that passed."""
    hidden: float | None = None
    """Share of hidden tests that passed; None while they have not run."""
    runtime: float = 0.0
    quality: float = 0.0
    passed: bool = False
    """Every test that ran passed, and an optimization reached its bar."""
    timed_out: bool = False


class Potential(Struct, frozen=True, kw_only=True):
    """The score of a state, split by respect. Hidden tests count as failed until they have run."""

    tests: float = 0.0
    runtime: float = 0.0
    quality: float = 0.0

    @property
    def score(self) -> float:
        """Return the score, in [0, 1]."""
        return min(1.0, max(0.0, self.tests + self.runtime + self.quality))
