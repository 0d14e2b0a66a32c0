"""Finds out whether gradings can be trusted here: layers in force, and an exam of known answer."""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from sandbox.backend import Sandbox
from sandbox.exam import Exam, ExamReport, Health, TestFile

_TESTS: Final = TestFile(
    name="test_self.py",
    source=(
        "from solution import double\n\n\n"
        "def test_small():\n    assert double(2) == 4\n\n\n"
        "def test_large():\n    assert double(10**30) == 2 * 10**30\n"
    ),
    hidden=False,
)
RIGHT: Final = "def double(n):\n    return n + n\n"
WRONG: Final = "def double(n):\n    return 4\n"
LEAVING: Final = "import os\n\n\ndef double(n):\n    os._exit(0)\n"
CONNECTING: Final = (
    "import socket\n\n\ndef double(n):\n    socket.socket().close()\n    return n + n\n"
)


class Symptom(Struct, frozen=True, kw_only=True):
    """One part of the self-test: how many tests should pass, and how many did."""

    name: str
    expected: int
    found: int
    remark: str

    @property
    def well(self) -> bool:
        """Whether what was found is what was expected."""
        return self.expected == self.found


SELF_TESTS: Final = (
    ("a right submission passes", RIGHT, 2),
    ("a wrong submission fails what it gets wrong", WRONG, 1),
    ("a submission that exits passes nothing", LEAVING, 0),
    ("a submission gets no socket", CONNECTING, 0),
)


def self_test(sandbox: Sandbox) -> Iterator[Symptom]:
    """Examine submissions of known merit.

    Raises:
        SandboxUnavailable: If our own machinery failed.
    """
    for name, source, expected in SELF_TESTS:
        report = sandbox.run(Exam(source=source, entry_points=("double",), test_files=(_TESTS,)))
        found = sum(record.passed for record in report.tests)
        yield Symptom(name=name, expected=expected, found=found, remark=_remark(report))


def doctor_lines(health: Health, symptoms: Iterable[Symptom], refusal: str) -> list[str]:
    """Return what the doctor says: layers, then the self-test, then what keeps us from starting."""
    lines = [f"backend: {health.backend}"]
    lines += [f"in force  {layer}" for layer in health.layers]
    lines += [f"missing   {layer}: {reason}" for layer, reason in sorted(health.missing.items())]
    for symptom in symptoms:
        word = "well" if symptom.well else "UNWELL"
        found = f"{symptom.found} passed, {symptom.expected} expected; {symptom.remark}"
        lines.append(f"{word:9} {symptom.name} ({found})")
    if refusal:
        lines.append(f"REFUSED   {refusal}")
    return lines


def _remark(report: ExamReport) -> str:
    return report.collection_error or f"{type(report.outcome).__name__}, {len(report.tests)} tests"
