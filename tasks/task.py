"""What a task is."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from sandbox.limits import DEFAULT_LIMITS, Limits


class TaskKind(StrEnum):
    """How a task is judged."""

    SYNTAX_FIX = "syntax_fix"
    BUG_FIX = "bug_fix"
    OPTIMIZATION = "optimization"
    PROGRAM = "program"


class Difficulty(StrEnum):
    """How hard a task is meant to be."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


Share = Annotated[float, Meta(ge=0, le=1)]
CostRatio = Annotated[float, Meta(gt=1, le=10_000)]


class Weights(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much each part counts in the score; they are normalised over the parts a grade has."""

    public: Share = 0.3
    hidden: Share = 0.5
    quality: Share = 0.1
    runtime: Share = 0.1


class Provenance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a task comes from and under which licence it may be used."""

    source: str
    licence: str


class Canary(Struct, frozen=True, kw_only=True):
    """A wrong or cheating submission and the highest score it may get."""

    name: str
    source: str
    max_score: Share


class Task(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One problem. `workload`, `cost_ratio` and `runtime_bar` are for optimizations alone."""

    id: str
    title: str
    kind: TaskKind
    difficulty: Difficulty
    instruction: str
    starter: str
    reference: str
    test_public: str
    test_hidden: str
    entry_points: tuple[str, ...]
    exported_classes: tuple[str, ...] = ()
    workload: str = ""
    cost_ratio: float = 1.0
    """Starter's cost over the reference's, greater than 1 for an optimization."""
    runtime_bar: Share = 0.7
    """Runtime score an optimization must reach to count as solved."""
    limits: Limits = DEFAULT_LIMITS
    max_steps: Annotated[int, Meta(ge=1, le=100)] = 10
    weights: Weights = Weights()
    split: str = "train"
    provenance: Provenance
    canaries: tuple[Canary, ...] = ()
