"""A gateway over a scripted sandbox, and the tasks and sources its tests play with.

A source says itself how it fares: `fares(public=2, hidden=3)` passes so many tests. The whole road
from queue to grade is the real one; only what runs in the sandbox is scripted.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import uvicorn
from litestar import Litestar

from gateway.app import create_app
from gateway.memory_store import MemoryEpisodeStore
from gateway.settings import Settings
from sandbox.exam import Analysis, Exam, ExamReport, SyntaxProblem, TestRecord, Timing
from sandbox.outcome import Finished, SandboxUnavailable, TimedOut, Usage
from sandbox.scripted import ScriptedSandbox
from tasks.catalogue import Catalogue
from tasks.task import Difficulty, Provenance, Task, TaskKind
from worker.pipeline import Pipeline
from worker.queue import LocalGradeQueue

HELD_AT_MOST_S = 10.0
PUBLIC = 2
HIDDEN = 4
BROKEN = "def answer(:\n"
FAULT = "# the sandbox fails\n"
START_DEADLINE_S = 10.0
HIDDEN_SECRET = "test_secret_of_the_author"
REFERENCE_SECRET = "reference_nobody_may_see"
JSON = {"content-type": "application/json"}

Clock = Callable[[], float]


def fares(*, public: int = PUBLIC, hidden: int = HIDDEN, note: str = "") -> str:
    """Return a source that passes so many tests."""
    return f"# passes {public} public and {hidden} hidden {note}\n"


def times_out(*, public: int = 0) -> str:
    """Return a source of which some test runs out of time."""
    return fares(public=public, hidden=0) + "# slow\n"


def task_called(task_id: str, **changes: Any) -> Task:
    """Return a task with a starter that does not compile."""
    fields: dict[str, Any] = {
        "id": task_id,
        "title": f"Title of {task_id}",
        "kind": TaskKind.SYNTAX_FIX,
        "difficulty": Difficulty.EASY,
        "instruction": "Make it work.",
        "starter": BROKEN,
        "reference": f"# {REFERENCE_SECRET}\n",
        "test_public": "def test_public_0(): ...\n\n\ndef test_public_1(): ...\n",
        "test_hidden": f"def {HIDDEN_SECRET}(): ...\n",
        "entry_points": ("answer",),
        "max_steps": 6,
        "provenance": Provenance(source="tests", licence="MIT"),
    }
    return Task(**{**fields, **changes})


EASY = task_called("easy_one")
MEDIUM = task_called(
    "medium_one", kind=TaskKind.BUG_FIX, difficulty=Difficulty.MEDIUM, starter=fares(public=1)
)
TIMED = task_called(
    "timed_one",
    kind=TaskKind.OPTIMIZATION,
    difficulty=Difficulty.HARD,
    starter=fares(note="ratio=8"),
    workload="def make_inputs(rng): ...\n",
    cost_ratio=8.0,
    split="test",
)
TASKS = Catalogue([EASY, MEDIUM, TIMED])


def analysed(source: str) -> Analysis:
    """Analyse as scripted: `BROKEN` does not compile."""
    if source == BROKEN:
        problem = SyntaxProblem(message="invalid syntax", line=1, column=12, text=BROKEN)
        return Analysis(syntax_problem=problem)
    return Analysis(complexity=1, line_count=source.count("\n"))


class HeldExaminer:
    """Examines as the source says, but only once it may."""

    def __init__(self) -> None:
        self.began = Event()
        self.may_end = Event()

    def __call__(self, exam: Exam) -> ExamReport:
        self.began.set()
        assert self.may_end.wait(HELD_AT_MOST_S)
        return examined(exam)


def examined(exam: Exam) -> ExamReport:
    """Examine as the source says."""
    if exam.source == FAULT:
        raise SandboxUnavailable("scripted")
    told = re.search(r"passes (\d+) public and (\d+) hidden", exam.source)
    public, hidden = (int(told[1]), int(told[2])) if told else (0, 0)
    if "def double" in exam.source:  # the self-test's right solution
        public, hidden = PUBLIC, HIDDEN
    slow = "# slow" in exam.source
    cut_short = TimedOut("wall") if slow else Finished()
    records = [_public_record(i, passed=i < public, slow=slow) for i in range(PUBLIC)]
    if any(file.hidden for file in exam.test_files):
        records += [
            TestRecord(name=f"{HIDDEN_SECRET}_{i}", hidden=True, passed=i < hidden)
            for i in range(HIDDEN)
        ]
    ratio = re.search(r"ratio=([\d.]+)", exam.source)
    timing = Timing(ratio=float(ratio[1]) if ratio else 1.0, rounds=5, outputs_agree=True)
    return ExamReport(
        tests=tuple(records),
        outcome=cut_short,
        usage=Usage(wall_s=0.01),
        timing=timing if exam.workload is not None else None,
    )


def _public_record(index: int, *, passed: bool, slow: bool) -> TestRecord:
    if passed:
        return TestRecord(name=f"test_public_{index}", hidden=False, passed=True)
    return TestRecord(
        name=f"test_public_{index}",
        hidden=False,
        passed=False,
        message="assert 1 == 2",
        call=f"answer({index})",
        expected="2",
        actual="1",
        output="printed\n",
        outcome=TimedOut("wall") if slow else Finished(),
    )


@dataclass(frozen=True, kw_only=True)
class Parts:
    """An application and what it leans on."""

    app: Litestar
    store: MemoryEpisodeStore
    queue: LocalGradeQueue
    sandbox: ScriptedSandbox


def assembled(
    *,
    examine: Callable[[Exam], ExamReport] = examined,
    waiting_limit: int = 64,
    workers: int = 2,
    clock: Clock = monotonic,
    **settings: Any,
) -> Parts:
    """Assemble a gateway over a scripted sandbox."""
    chosen = Settings(**settings)
    sandbox = ScriptedSandbox(examine=examine, analyse=analysed)
    pipeline = Pipeline(tasks=TASKS, sandbox=sandbox, concurrency=workers)
    queue = LocalGradeQueue(
        grade=pipeline.grade,
        sandbox_health=sandbox.health,
        workers=workers,
        waiting_limit=waiting_limit,
        drain_s=1.0,
    )
    store = MemoryEpisodeStore(
        limit=chosen.max_concurrent_envs,
        idle_s=chosen.session_idle_s,
        now=clock,
        new_token=lambda: str(uuid4()),
    )
    app = create_app(settings=chosen, store=store, queue=queue, catalogue=TASKS)
    return Parts(app=app, store=store, queue=queue, sandbox=sandbox)


@contextmanager
def serving(parts: Parts) -> Iterator[str]:
    """Serve an application on a free loopback port by the real HTTP server; give host:port."""
    config = uvicorn.Config(parts.app, port=0, log_config=None, ws_per_message_deflate=False)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    try:
        give_up_s = monotonic() + START_DEADLINE_S
        while not server.started:
            assert thread.is_alive()
            assert monotonic() < give_up_s
            sleep(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
