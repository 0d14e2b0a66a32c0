"""A guest from its fork to its end: confined first, then one job, then gone."""

import os
import random
import sys
from collections.abc import Callable, Sequence
from typing import Final, Never

import msgspec

from sandbox.exam import Analysis
from sandbox.guest import analyst, candidate, examining, program
from sandbox.guest.confinement import Confinement, confine
from sandbox.guest.control import Control
from sandbox.guest.jobs import (
    JOB,
    AnalystJob,
    CandidateJob,
    ExaminerJob,
    Job,
    ProgramJob,
    source_text,
)
from sandbox.guest.loading import flush_output
from sandbox.guest.wire import Channel, Closed
from sandbox.guest.words import Analysed, Ready, Unconfined
from sandbox.isolation import rlimits
from sandbox.limits import EXAMINER_MEMORY_BYTES, Limits

CHANNEL: Final = 3
"""Descriptor of a guest's line to the supervisor, after the standard streams."""
_DESCRIPTORS_END: Final = 65536
_RECURSION_LIMIT: Final = 1000
_OWN_FRAMES: Final = 24
"""Python frames of ours below a submission's own, and some to spare."""
_EXAMINER_RECURSION_LIMIT: Final = 5000
_TRUSTED_GRANT: Final = rlimits.granted(Limits(memory_bytes=EXAMINER_MEMORY_BYTES, cpu_s=3600))
"""What guests get that hold no submission; each of their jobs has a deadline of its own."""


def _limit(job: Job, confinement: Confinement) -> None:
    rlimits.apply(
        job.granted if isinstance(job, CandidateJob | ProgramJob) else _TRUSTED_GRANT,
        mapped_at_start_bytes=confinement.mapped_at_start_bytes,
    )


def _play(control: Control, job: Job) -> int:
    """Do the job and return the exit status."""
    match job:
        case ExaminerJob():
            sys.setrecursionlimit(_EXAMINER_RECURSION_LIMIT)
            examining.serve(control, job)
        case CandidateJob():
            sys.setrecursionlimit(_RECURSION_LIMIT + _OWN_FRAMES)
            random.seed(job.seed)
            candidate.examine(Channel(control.detach(), job.frame_bytes), job)
        case ProgramJob():
            sys.setrecursionlimit(_RECURSION_LIMIT + _OWN_FRAMES)
            random.seed(job.seed)
            return program.run(job)
        case AnalystJob():
            facts = analyst.analyse(source_text(job.source))
            control.send(Analysed(msgspec.convert(facts, Analysis)))
    return 0


def live(
    confinement: Confinement, descriptors: Sequence[int], rehearse: Callable[[], None]
) -> Never:
    """Be a guest whose standard streams and line to the supervisor are `descriptors`.

    The process ends here.
    """
    status = 1
    try:
        for number, one in enumerate(descriptors):
            os.dup2(one, number)
        status = _serve(confinement, rehearse)
    except Closed:
        status = 0
    finally:
        flush_output()
        os._exit(status)


def _serve(confinement: Confinement, rehearse: Callable[[], None]) -> int:
    control = Control(CHANNEL)
    try:
        confine(confinement)
    except OSError as refused:
        control.send(Unconfined(str(refused)))
        return 1
    os.closerange(CHANNEL + 1, _DESCRIPTORS_END)
    control.send(Ready())
    if not control.hears_already():
        rehearse()
    job, _ = control.receive(JOB)
    _limit(job, confinement)
    return _play(control, job)
