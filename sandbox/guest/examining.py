"""The life of an examiner: it collects the tests of one task, then holds exams with them.

One process holds many exams, because its start costs more than an exam. What it holds is the
author's: a submission's answers reach it as plain data, which the next exam does not see. For every
exam the test files are run anew as modules; after it the process is compared with what it was
before, and is given up when anything differs, when a candidate was lost, or after `EXAMS`.
"""

import random
import traceback
from types import CodeType
from typing import Final

from sandbox.guest.control import Control
from sandbox.guest.examiner import Examiner
from sandbox.guest.jobs import EXAM, ExaminerJob
from sandbox.guest.testing.collection import compiled
from sandbox.guest.testing.outcomes import CollectionFailed
from sandbox.guest.timing import ReferenceFailed
from sandbox.guest.traces import Traces
from sandbox.guest.wire import Closed
from sandbox.guest.words import Done, Failed, Free, Planned, Uncollectable, encodable

EXAMS: Final = 100
"""How many exams one examiner holds at most."""
_PLACES: Final = 5


def serve(control: Control, job: ExaminerJob) -> None:
    """Tell the plan of the job's tests, then hold exams while each leaves nothing behind.

    A fault of the tests, the workload or the reference is told as `Uncollectable`, a fault of this
    program as `Failed`; after either, or after an exam that left something, the process ends.
    """
    try:
        _serve(control, job)
    except (CollectionFailed, ReferenceFailed) as failed:
        control.send(Uncollectable(encodable(str(failed))))
    except Closed:
        return
    except Exception as fault:  # noqa: BLE001 - the guest's call boundary
        control.send(Failed(_where(fault)))


def _serve(control: Control, job: ExaminerJob) -> None:
    codes = _compiled(job)
    traces = Traces()
    examiner, plan = _collected(control, job, codes)
    control.send(Planned(plan))
    for held in range(1, EXAMS + 1):
        traces.note()
        control.send(Free())
        exam, first = control.receive(EXAM)
        random.seed(job.seed)
        stayed = examiner.hold(exam, first)
        control.send(Done(examiner.last_records()))
        if not (stayed and traces.are_as_noted() and traces.remove() and held < EXAMS):
            return
        examiner, _ = _collected(control, job, codes)


def _compiled(job: ExaminerJob) -> list[CodeType]:
    codes = []
    for file in job.files:
        try:
            codes.append(compiled(file.name, file.source, hidden=file.hidden))
        except (SyntaxError, ValueError) as wrong:
            line = getattr(wrong, "lineno", None) or 1
            reason = f"{file.name}, line {line}: {type(wrong).__name__}"
            raise CollectionFailed(reason) from wrong
    return codes


def _collected(
    control: Control, job: ExaminerJob, codes: list[CodeType]
) -> tuple[Examiner, list[tuple[str, bool]]]:
    random.seed(job.seed)
    examiner = Examiner(control, job)
    return examiner, examiner.collect(codes)


def _where(fault: Exception) -> str:
    """Say what failed and where, without its message: that may hold what a hidden test expects."""
    frames = [one for one, _ in traceback.walk_tb(fault.__traceback__)]
    places = [f"{one.f_code.co_filename.rpartition('/')[2]}:{one.f_lineno}" for one in frames]
    return f"{type(fault).__name__} at {' > '.join(places[-_PLACES:])}"
