"""A sandbox that replays what a test prepared and remembers what it was asked."""

from collections import deque
from collections.abc import Callable, Iterable
from threading import Lock
from typing import TypeAlias

from sandbox.exam import Analysis, Exam, ExamReport, Health
from sandbox.outcome import SandboxUnavailable

Examine: TypeAlias = Callable[[Exam], ExamReport]
Analyse: TypeAlias = Callable[[str], Analysis]


def replaying(reports: Iterable[ExamReport | SandboxUnavailable]) -> Examine:
    """Return an examiner that gives, or raises, one prepared report after the other.

    It raises SandboxUnavailable when none is left.
    """
    left = deque(reports)
    lock = Lock()

    def examine(exam: Exam) -> ExamReport:
        del exam
        with lock:
            report = left.popleft() if left else SandboxUnavailable("no prepared report is left")
        if isinstance(report, SandboxUnavailable):
            raise report
        return report

    return examine


class ScriptedSandbox:
    """Answers exams and analyses by functions given to it.

    Attributes:
        exams: Every exam it was asked to run, in order.
        analysed: Every source it was asked to analyse, in order.
        closed: Whether it was closed; from then on it is unavailable.
    """

    def __init__(
        self,
        *,
        examine: Examine | None = None,
        analyse: Analyse | None = None,
        layers: tuple[str, ...] = ("scripted",),
    ) -> None:
        self._examine = replaying(()) if examine is None else examine
        self._analyse = (lambda _source: Analysis(complexity=1)) if analyse is None else analyse
        self._layers = layers
        self.exams: list[Exam] = []
        self.analysed: list[str] = []
        self.closed = False

    def run(self, exam: Exam) -> ExamReport:
        """Examine one submission.

        Raises:
            SandboxUnavailable: If it is closed, or the script says so.
        """
        self._demand_open()
        self.exams.append(exam)
        return self._examine(exam)

    def analyse(self, source: str) -> Analysis:
        """Analyse one source.

        Raises:
            SandboxUnavailable: If it is closed, or the script says so.
        """
        self._demand_open()
        self.analysed.append(source)
        return self._analyse(source)

    def health(self) -> Health:
        """Say which layers it pretends to have."""
        return Health(backend="scripted", layers=self._layers, missing={})

    def close(self) -> None:
        """Be unavailable from now on."""
        self.closed = True

    def _demand_open(self) -> None:
        if self.closed:
            raise SandboxUnavailable("the sandbox is closed")
