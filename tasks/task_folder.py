"""What a task's folder holds: the shape of `task.toml` and the names of the files."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from sandbox.limits import DEFAULT_LIMITS, SOURCE_BYTES, TEST_SOURCE_BYTES, Limits
from tasks.task import CostRatio, Difficulty, Provenance, Share, TaskKind, Weights

Identifier = Annotated[str, Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*\Z")]
Text = Annotated[str, Meta(min_length=1, max_length=200)]

HEADER: Final = "task.toml"
CANARIES: Final = "canaries"


class TextFile(Struct, frozen=True, kw_only=True):
    """One text of a folder: its name, the field of `Task` it fills, the most bytes it may have."""

    name: str
    field: str
    size_bytes: int


TEXT_FILES: Final = (
    TextFile(name="instruction.md", field="instruction", size_bytes=SOURCE_BYTES),
    TextFile(name="starter.py", field="starter", size_bytes=SOURCE_BYTES),
    TextFile(name="reference.py", field="reference", size_bytes=SOURCE_BYTES),
    TextFile(name="test_public.py", field="test_public", size_bytes=TEST_SOURCE_BYTES),
    TextFile(name="test_hidden.py", field="test_hidden", size_bytes=TEST_SOURCE_BYTES),
)
"""The texts every task has."""

WORKLOAD: Final = TextFile(name="workload.py", field="workload", size_bytes=TEST_SOURCE_BYTES)
"""The text an optimization has besides."""

IGNORED: Final = frozenset({"README.md", "__pycache__"})
"""Entries a folder may have that are no part of the task."""


class ProvenanceHeader(Provenance, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Provenance with both fields filled."""

    source: Text
    licence: Text


class Header(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`task.toml`: everything about a task that is no text of its own.

    `cost_ratio` and `runtime_bar` are for optimizations alone; None means not written.
    `canaries` names each file under `canaries/` with the highest score it may get.
    """

    id: Annotated[str, Meta(pattern=r"^[a-z0-9_]+\Z", max_length=100)]
    title: Text
    kind: TaskKind
    difficulty: Difficulty
    entry_points: tuple[Identifier, ...] = ()
    exported_classes: tuple[Identifier, ...] = ()
    cost_ratio: CostRatio | None = None
    runtime_bar: Annotated[float, Meta(ge=0, le=1)] | None = None
    limits: Limits = DEFAULT_LIMITS
    max_steps: Annotated[int, Meta(ge=1, le=100)] = 10
    weights: Weights = Weights()
    split: Annotated[str, Meta(pattern=r"^[a-z0-9_]+\Z", max_length=50)] = "train"
    provenance: ProvenanceHeader
    canaries: dict[Annotated[str, Meta(pattern=r"^[a-z0-9_]+\Z")], Share] = {}
