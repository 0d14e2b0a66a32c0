"""Every limit of a sandboxed run: unit, default and ceiling."""

from typing import Annotated, Final

from msgspec import Meta, Struct

KIB: Final = 1024
MIB: Final = 1024 * KIB


class Limits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one exam may use. Bounds hold for decoded values: decode what comes from outside."""

    test_wall_s: Annotated[float, Meta(gt=0, le=30)] = 2.0
    """Seconds one test (or loading the submission) may take."""
    exam_wall_s: Annotated[float, Meta(gt=0, le=50)] = 10.0
    """Seconds all tests of one exam may take together."""
    cpu_s: Annotated[int, Meta(ge=1, le=60)] = 10
    """CPU seconds one candidate process may use.

    A lost candidate's successor starts from zero; `exam_wall_s` bounds them all together.
    """
    memory_bytes: Annotated[int, Meta(ge=32 * MIB, le=1024 * MIB)] = 256 * MIB
    """Memory one guest may map beyond what a fresh guest has."""
    threads: Annotated[int, Meta(ge=0, le=64)] = 16
    """Threads a guest may start; processes are never allowed."""
    open_files: Annotated[int, Meta(ge=16, le=256)] = 64
    file_size_bytes: Annotated[int, Meta(ge=0, le=16 * MIB)] = 1 * MIB
    """Largest file in the scratch directory."""
    output_bytes: Annotated[int, Meta(ge=0, le=1 * MIB)] = 64 * KIB
    """What a submission may print during one exam, both streams together."""
    frame_bytes: Annotated[int, Meta(ge=64 * KIB, le=32 * MIB)] = 8 * MIB
    """Largest single message between candidate and examiner."""
    value_depth: Annotated[int, Meta(ge=8, le=500)] = 200
    """Nesting of a value that crosses between candidate and examiner."""


DEFAULT_LIMITS: Final = Limits()
SOURCE_BYTES: Final = 100 * KIB
"""Largest submission, UTF-8."""
TEST_SOURCE_BYTES: Final = 256 * KIB
"""Largest test file or workload, UTF-8."""
MOST_TESTS: Final = 10_000
"""Tests of one exam, each set of parameters counted."""
EXAMINER_MEMORY_BYTES: Final = 512 * MIB
"""Memory an examiner or analyst may map beyond what a fresh guest has."""
LINTER_MEMORY_BYTES: Final = 1024 * MIB
"""Memory the linter may map."""
SCRATCH_BYTES: Final = 8 * MIB
"""All files of one guest's scratch directory together."""
SCRATCH_FILES: Final = 256
"""Files and folders in one guest's scratch directory."""
