"""What the supervisor asks of a guest: one job each."""

from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.msgpack import Decoder

from sandbox.exam import TestFile, Workload
from sandbox.isolation.rlimits import Grant


class ExaminerJob(Struct, frozen=True, kw_only=True, tag="examiner"):
    """Collect these tests, then hold exams with them."""

    files: tuple[TestFile, ...]
    entry_points: tuple[str, ...]
    exported_classes: tuple[str, ...]
    program: bool
    workload: Workload | None
    seed: int


class ExamJob(Struct, frozen=True, kw_only=True):
    """Hold one exam. The first candidate's descriptors come with it, but for a program."""

    candidate_pid: int
    test_wall_s: float
    exam_wall_s: float
    output_bytes: int
    frame_bytes: int
    value_depth: int


class CandidateJob(Struct, frozen=True, kw_only=True, tag="candidate"):
    """Load a source, UTF-8 with lone surrogates, and answer calls."""

    source: bytes
    exported_classes: tuple[str, ...]
    granted: Grant
    frame_bytes: int
    value_depth: int
    seed: int


class ProgramJob(Struct, frozen=True, kw_only=True, tag="program"):
    """Run a source, UTF-8 with lone surrogates, as `__main__`."""

    source: bytes
    stdin: str
    argv: list[str]
    granted: Grant
    seed: int


class AnalystJob(Struct, frozen=True, tag="analyst"):
    """Say what can be said of a source, UTF-8 with lone surrogates, without running it."""

    source: bytes


Job: TypeAlias = ExaminerJob | CandidateJob | ProgramJob | AnalystJob
JOB: Final[Decoder[Job]] = Decoder(Job)
EXAM: Final = Decoder(ExamJob)


def source_text(source: bytes) -> str:
    """Return a job's source as text."""
    return source.decode("utf-8", "surrogatepass")
