"""Reads the corpus: submissions as data, each with what must hold for it.

A hostile program is one file, `hostile/<family>/<name>.py`. An honest one is a folder,
`honest/<name>/`, with `submission.py` and `test_public.py`. Both say what they are in a comment
block of TOML at their top:

    # /// corpus
    # exam = "answers"
    # aim = "leave with status 0 before a test can fail"
    # ///

A hostile program sits one of the shared exams in `exams/<name>/`.
"""

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from sandbox.exam import Exam, TestFile, Workload
from sandbox.limits import DEFAULT_LIMITS, Limits

FOLDER: Final = Path(__file__).parent
HEADER: Final = re.compile(r"(?m)^# /// corpus$\n(?P<lines>(?:^#(?:| .*)$\n)+?)^# ///$")
TIGHT_LIMITS: Final = msgspec.structs.replace(
    DEFAULT_LIMITS, test_wall_s=0.6, exam_wall_s=4.0, cpu_s=5, memory_bytes=96 * 1024 * 1024
)
"""Limits of a hostile exam: far from what the known answers need, short enough to wait for."""


class Hostile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One program that cheats, and what must hold when it sits its exam.

    Attributes:
        name: Family and file, such as `forge/exit_zero`.
        exam: Which folder of `exams/` it sits.
        aim: What it tries, one sentence.
        must_pass: Tests it solves and must be given.
        may_pass: Tests it may be given besides those. Every other test must not pass.
        outcomes: Tags the exam's outcome may have; empty when any is right.
        loads: Whether it can be imported at all; one that can not proves nothing else.
        runs: How often it sits the exam in a row.
        least_ratio: Where the exam is timed: what it costs over the reference, at the least.
        machines: Machines it is written for; empty for all.
        limits: Changes to `TIGHT_LIMITS`.
    """

    name: str
    source: str
    exam: str
    aim: str
    must_pass: tuple[str, ...] = ()
    may_pass: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    loads: bool = True
    runs: int = 1
    least_ratio: float | None = None
    machines: tuple[str, ...] = ()
    limits: dict[str, float] = {}


class Honest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One odd but honest submission: every one of its tests must pass."""

    name: str
    source: str
    tests: str
    entry_points: tuple[str, ...]
    exported_classes: tuple[str, ...] = ()
    program: bool = False
    limits: dict[str, float] = {}


class ExamSheet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `exams/<name>/exam.toml` says of a shared exam."""

    entry_points: tuple[str, ...]
    exported_classes: tuple[str, ...] = ()
    program: bool = False
    cost_ratio: float = 1.0


def read_hostile() -> tuple[Hostile, ...]:
    """Return every hostile program this machine can run, in name order."""
    return tuple(
        program
        for path in sorted(FOLDER.glob("hostile/*/*.py"))
        if not (program := hostile_from(path)).machines or os.uname().machine in program.machines
    )


def hostile_from(path: Path) -> Hostile:
    """Read one hostile program."""
    source = path.read_text(encoding="utf-8")
    fields = header_of(source, path) | {
        "name": f"{path.parent.name}/{path.stem}",
        "source": source,
    }
    return msgspec.convert(fields, Hostile)


def read_honest() -> tuple[Honest, ...]:
    """Return every honest submission, in name order."""
    return tuple(honest_from(path.parent) for path in sorted(FOLDER.glob("honest/*/submission.py")))


def honest_from(folder: Path) -> Honest:
    """Read one honest submission."""
    path = folder / "submission.py"
    source = path.read_text(encoding="utf-8")
    fields = header_of(source, path) | {
        "name": f"honest/{folder.name}",
        "source": source,
        "tests": (folder / "test_public.py").read_text(encoding="utf-8"),
    }
    return msgspec.convert(fields, Honest)


def header_of(source: str, path: Path) -> dict[str, Any]:
    """Return the TOML in a program's comment block.

    Raises:
        ValueError: If there is no such block.
    """
    found = HEADER.search(source)
    if found is None:
        raise ValueError(f"{path}: no '# /// corpus' block")
    return tomllib.loads("".join(line[2:] + "\n" for line in found["lines"].splitlines()))


def hostile_exam(program: Hostile, *, token: str, outside: dict[str, Any]) -> Exam:
    """Return the exam a hostile program sits.

    Args:
        token: Replaces `@TOKEN@` in the tests: what a spy is after.
        outside: Replaces `@OUTSIDE@`: where the things are that must not change.
    """
    folder = FOLDER / "exams" / program.exam
    sheet = msgspec.convert(
        tomllib.loads((folder / "exam.toml").read_text(encoding="utf-8")), ExamSheet
    )
    return Exam(
        source=program.source,
        entry_points=sheet.entry_points,
        exported_classes=sheet.exported_classes,
        program=sheet.program,
        test_files=tuple(files_in(folder, token=token, outside=outside)),
        workload=workload_in(folder, sheet),
        limits=limits_with(program.limits, TIGHT_LIMITS),
    )


def honest_exam(program: Honest) -> Exam:
    """Return an honest submission's exam: its own tests, under the default limits."""
    return Exam(
        source=program.source,
        entry_points=program.entry_points,
        exported_classes=program.exported_classes,
        program=program.program,
        test_files=(TestFile(name="test_public.py", source=program.tests, hidden=False),),
        limits=limits_with(program.limits, DEFAULT_LIMITS),
    )


def files_in(folder: Path, *, token: str, outside: dict[str, Any]) -> Iterator[TestFile]:
    """Yield a folder's test files, the public one first."""
    for name, hidden in (("test_public.py", False), ("test_hidden.py", True)):
        path = folder / name
        if path.exists():
            source = path.read_text(encoding="utf-8")
            source = source.replace("@TOKEN@", token).replace('"@OUTSIDE@"', repr(outside))
            yield TestFile(name=name, source=source, hidden=hidden)


def workload_in(folder: Path, sheet: ExamSheet) -> Workload | None:
    """Return how an exam is timed, or None where it is not."""
    path = folder / "workload.py"
    if not path.exists():
        return None
    return Workload(
        source=path.read_text(encoding="utf-8"),
        reference=(folder / "reference.py").read_text(encoding="utf-8"),
        entry_point=sheet.entry_points[0],
        cost_ratio=sheet.cost_ratio,
    )


def limits_with(changes: dict[str, float], limits: Limits) -> Limits:
    """Return `limits` with some of them changed, checked against their ceilings."""
    return msgspec.convert(msgspec.to_builtins(limits) | changes, Limits, strict=False)
