"""Small exams, and what can be seen of a sandbox from outside."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

import msgspec

from sandbox.exam import Exam, ExamReport, TestFile
from sandbox.guest.clock import cpu_clock_s
from sandbox.limits import DEFAULT_LIMITS, Limits

PATIENCE_S: Final = 20.0


def exam(
    source: str,
    tests: str = "from solution import f\ndef test_f():\n    assert f() == 1\n",
    *,
    hidden: str = "",
    limits: Limits = DEFAULT_LIMITS,
    **more: Any,
) -> Exam:
    """Make an exam of one public file, and one hidden one where it is given."""
    files = [TestFile(name="test_public.py", source=tests, hidden=False)]
    if hidden:
        files.append(TestFile(name="test_hidden.py", source=hidden, hidden=True))
    asked = {"entry_points": ("f",), **more}
    return Exam(source=source, test_files=tuple(files), limits=limits, **asked)


def passed(report: ExamReport) -> list[bool]:
    """Return which tests passed, in order."""
    return [test.passed for test in report.tests]


def verdicts(report: ExamReport) -> list[Any]:
    """Return everything a report says but for what was measured."""
    return [msgspec.structs.replace(one, wall_s=0.0) for one in report.tests]


def until(fact: Callable[[], bool], within_s: float = PATIENCE_S) -> None:
    """Wait for a fact."""
    give_up = time.monotonic() + within_s
    while not fact():
        assert time.monotonic() < give_up, "it did not come to be"
        time.sleep(0.01)


def processes() -> Iterator[tuple[int, int]]:
    """Give every process that runs and its parent; one that waits to be reaped does not run."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] not in "ZX":
            yield int(entry.name), int(fields[1])


def children(parent: int) -> set[int]:
    """Return the processes a process has started."""
    return {pid for pid, above in processes() if above == parent}


def family(pid: int) -> set[int]:
    """Return every process below one."""
    parents = dict(processes())
    found = {pid}
    while grown := {one for one, above in parents.items() if above in found} - found:
        found |= grown
    return found - {pid}


def running(pids: set[int]) -> set[int]:
    """Return those processes that still run."""
    return pids & {pid for pid, _ in processes()}


def cpu_used_s(pids: set[int]) -> float:
    """Return the CPU time of the process that used most."""
    used = [0.0]
    for pid in pids:
        try:
            used.append(cpu_clock_s(pid))
        except OSError:
            continue
    return max(used)


def groups_of(server: int) -> list[Path]:
    """Return the control groups of a server's guests."""
    return list(Path("/sys/fs/cgroup").glob(f"**/python_code_review_env/{server}-*"))


def scratch_roots() -> set[str]:
    """Return the scratch folders of all servers here."""
    return {str(path) for path in Path(gettempdir()).glob("python-code-review-env-*")}
