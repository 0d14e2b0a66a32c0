"""The rules a task keeps beyond its types, checked without running anything."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from tasks.source_facts import Broken, SourceFacts, facts_of
from tasks.task import Task, TaskKind
from tasks.task_folder import Header

PROGRAM_ENTRY: Final = "run"
"""What tests of a program call: `solution.run(stdin=..., argv=...)`."""
INPUT_MAKER: Final = "make_inputs"


class Complaint(Struct, frozen=True, kw_only=True):
    """One broken rule: the field at fault and what is wrong with it."""

    field: str
    reason: str


def complaints_about(task: Task, header: Header) -> Iterator[Complaint]:
    """Yield every broken rule; later ones may follow from earlier ones."""
    yield from _header_complaints(task, header)
    yield from _text_complaints(task)
    yield from _starter_complaints(task)
    yield from _name_complaints(task)


def _header_complaints(task: Task, header: Header) -> Iterator[Complaint]:
    if task.kind is TaskKind.OPTIMIZATION:
        if not task.workload:
            yield Complaint(field="workload", reason="an optimization needs a workload.py")
        if header.cost_ratio is None:
            yield Complaint(
                field="cost_ratio",
                reason="an optimization needs the starter's cost over the reference's, above 1",
            )
    else:
        written = {"workload": task.workload or None, "cost_ratio": header.cost_ratio}
        for name, value in (written | {"runtime_bar": header.runtime_bar}).items():
            if value is not None:
                yield Complaint(field=name, reason="is for optimizations alone")
    if not task.entry_points and task.kind is not TaskKind.PROGRAM:
        yield Complaint(field="entry_points", reason="is empty; name what the tests call")
    if task.weights.public + task.weights.hidden <= 0:
        yield Complaint(field="weights", reason="public and hidden are both 0; tests must count")


def _text_complaints(task: Task) -> Iterator[Complaint]:
    for field in ("instruction", "starter"):
        if not getattr(task, field).strip():
            yield Complaint(field=field, reason="is empty")
    for field in ("reference", "test_public", "test_hidden", "workload"):
        source = getattr(task, field)
        if field == "workload" and not source:
            continue
        facts = facts_of(source)
        if isinstance(facts, Broken):
            yield Complaint(field=field, reason=f"line {facts.line}: {facts.message}")
            continue
        yield from _import_complaints(field, facts)
        if field.startswith("test_") and facts.test_count == 0:
            yield Complaint(field=field, reason="holds no test")
        if field == "workload" and INPUT_MAKER not in facts.defined:
            yield Complaint(field=field, reason=f"does not define {INPUT_MAKER}(rng)")


def _import_complaints(field: str, facts: SourceFacts) -> Iterator[Complaint]:
    for module in sorted(facts.foreign_modules):
        yield Complaint(
            field=field, reason=f"imports {module!r}, which is neither standard library nor pytest"
        )
    if not field.startswith("test_") and facts.asked_of_solution:
        yield Complaint(field=field, reason="imports solution, which only tests may")


def _starter_complaints(task: Task) -> Iterator[Complaint]:
    facts = facts_of(task.starter)
    if isinstance(facts, Broken) != (task.kind is TaskKind.SYNTAX_FIX):
        wanted = "not compile" if task.kind is TaskKind.SYNTAX_FIX else "compile"
        yield Complaint(field="starter", reason=f"of a {task.kind.value} task must {wanted}")
    elif task.starter == task.reference:
        yield Complaint(field="starter", reason="is the reference; there is nothing to do")


def _name_complaints(task: Task) -> Iterator[Complaint]:
    reference = _names(task.reference, "defined")
    called: frozenset[str] = frozenset()
    for field in ("test_public", "test_hidden"):
        asked = _names(getattr(task, field), "asked_of_solution")
        called |= asked
        allowed = {PROGRAM_ENTRY} if task.kind is TaskKind.PROGRAM else frozenset()
        if not asked:
            yield Complaint(field=field, reason="asks nothing of solution")
        for name in sorted(asked - reference - allowed):
            yield Complaint(field=field, reason=f"asks for {name!r}, which no reference defines")
    for field in ("entry_points", "exported_classes"):
        for name in getattr(task, field):
            if name not in reference:
                yield Complaint(field=field, reason=f"the reference does not define {name!r}")
            elif name not in called and field == "entry_points":
                yield Complaint(field=field, reason=f"no test imports {name!r} from solution")


def _names(source: str, kind: str) -> frozenset[str]:
    facts = facts_of(source)
    if isinstance(facts, Broken):
        return frozenset()
    names: frozenset[str] = getattr(facts, kind)
    return names
