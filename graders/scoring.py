"""Turns a report into a grade: counts, shares of the score, and what may be seen of it.

Laws (tests/property/test_grader_laws.py): a score lies in [0, 1]; a state that is better in one
respect and worse in none never scores less; the order of tests does not matter; no text of a hidden
test is in a grade. Which parts count therefore depends on task and scope, never on the submission.
"""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from graders.grade import Grade, TestCount
from graders.grader import ExamScope
from graders.planning import is_timed
from graders.quality import quality_of
from sandbox.exam import Analysis, ExamReport, LoadError, TestRecord
from sandbox.outcome import Outcome, ProtocolViolation
from tasks.task import Task

UNSAID: Final = "an answer that is none"
"""Stands for the reason of a protocol violation in a hidden test."""


class Runtime(Struct, frozen=True, kw_only=True):
    """How fast a submission is: its share in [0, 1] and its cost over the reference's."""

    share: float
    ratio: float | None


class Part(Struct, frozen=True, kw_only=True):
    """One part of a score: its weight and what was reached of it, in [0, 1]."""

    name: str
    weight: float
    reached: float


def grade_of(
    task: Task,
    *,
    scope: ExamScope,
    analysis: Analysis,
    report: ExamReport,
    runtime: Runtime | None = None,
) -> Grade:
    """Return the grade of an examined submission.

    Args:
        task: What was to be solved.
        scope: Which tests ran.
        analysis: Of the submission.
        report: Of the exam.
        runtime: None where no running time was measured; that counts as 0 where the task is timed.
    """
    records = _believed(analysis, report)
    public = _count(records, hidden=False)
    hidden = _count(records, hidden=True) if scope == "full" else None
    quality = quality_of(analysis)
    parts = _parts(task, public=public, hidden=hidden, quality=quality, runtime=runtime)
    components = _components(parts)
    return Grade(
        scope=scope,
        analysis=analysis,
        public=public,
        hidden=hidden,
        visible_tests=tuple(_printable(record) for record in records if not record.hidden),
        quality=quality,
        runtime=None if runtime is None else runtime.share,
        runtime_ratio=None if runtime is None else runtime.ratio,
        components=components,
        score=min(1.0, sum(components.values())),
        passed=_passed(task, records, runtime),
        outcome=_outcome(report),
        usage=report.usage,
        load_error=_load_error(analysis, report.load_error),
    )


def public_tests_passed(analysis: Analysis, report: ExamReport) -> bool:
    """Return whether a submission loads and passes every public test."""
    passed = all(record.passed for record in report.tests if not record.hidden)
    return passed and _loads(analysis, report)


def _loads(analysis: Analysis, report: ExamReport) -> bool:
    return analysis.syntax_problem is None and report.load_error is None


def _believed(analysis: Analysis, report: ExamReport) -> tuple[TestRecord, ...]:
    """Return the records; none has passed where the submission was never loaded."""
    if _loads(analysis, report):
        return report.tests
    return tuple(replace(record, passed=False) for record in report.tests)


def _count(records: tuple[TestRecord, ...], *, hidden: bool) -> TestCount:
    of_kind = [record.passed for record in records if record.hidden == hidden]
    return TestCount(passed=sum(of_kind), total=len(of_kind))


def _parts(
    task: Task,
    *,
    public: TestCount,
    hidden: TestCount | None,
    quality: float,
    runtime: Runtime | None,
) -> list[Part]:
    """Return the parts that task and scope have. Quality counts as far as the tests are passed."""
    weights = task.weights
    parts = []
    counts = [count for count in (public, hidden) if count is not None]
    if public.total:
        parts.append(Part(name="public", weight=weights.public, reached=_share([public])))
    if hidden is not None and hidden.total:
        parts.append(Part(name="hidden", weight=weights.hidden, reached=_share([hidden])))
    works = _share(counts)
    parts.append(Part(name="quality", weight=weights.quality, reached=quality * works))
    if is_timed(task):
        reached = 0.0 if runtime is None else runtime.share
        parts.append(Part(name="runtime", weight=weights.runtime, reached=reached))
    return parts


def _share(counts: list[TestCount]) -> float:
    total = sum(count.total for count in counts)
    return sum(count.passed for count in counts) / total if total else 0.0


def _components(parts: list[Part]) -> dict[str, float]:
    whole = sum(part.weight for part in parts)
    if whole <= 0:
        return {part.name: 0.0 for part in parts}
    return {part.name: part.weight * part.reached / whole for part in parts}


def _passed(task: Task, records: tuple[TestRecord, ...], runtime: Runtime | None) -> bool:
    if not records or not all(record.passed for record in records):
        return False
    return not is_timed(task) or (runtime is not None and runtime.share >= task.runtime_bar)


def _outcome(report: ExamReport) -> Outcome:
    outcome = report.outcome
    if not isinstance(outcome, ProtocolViolation):
        return outcome
    reasons = {
        record.outcome.reason
        for record in report.tests
        if record.hidden and isinstance(record.outcome, ProtocolViolation)
    }
    return replace(outcome, reason=UNSAID) if outcome.reason in reasons else outcome


def _printable(record: TestRecord) -> TestRecord:
    """Return a record whose texts are valid Unicode, as every message demands."""
    texts = {
        name: _valid(getattr(record, name))
        for name in ("name", "message", "call", "expected", "actual", "output")
    }
    return replace(record, **texts)


def _valid(text: str) -> str:
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode()


def _load_error(analysis: Analysis, error: LoadError | None) -> str:
    if error is None or analysis.syntax_problem is not None:
        return ""
    where = f" (line {error.line})" if error.line else ""
    words = " ".join(f"{error.type}: {error.message}".split())
    return _valid(f"{words}{where}")
