"""What one run is asked to do."""

from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct

PolicyName: TypeAlias = Literal["llm", "reference", "noop"]
FallbackName: TypeAlias = Literal["reference", "none"]


class Options(Struct, frozen=True, kw_only=True):
    """The command line, checked.

    Empty strings and None stand for what was not given.
    """

    env_url: str = ""
    tasks: tuple[str, ...] = ()
    split: str = ""
    episodes: int | None = None
    """Episodes in all, going round the tasks in order; None plays each task once."""
    concurrency: int = 1
    seed: int | None = None
    """Seed of the first episode; each further one has the next number."""
    max_steps: int = 10
    model: str = ""
    temperature: float = 0.2
    timeout_s: float = 60.0
    """Longest wait for one answer of the model, retries included."""
    max_tokens: int = 1024
    """Token budget of one answer."""
    policy: PolicyName = "llm"
    fallback: FallbackName = "reference"
    output: Path | None = None
    shows_score: bool = False
