"""Whether the server can do its work, and why not."""

from collections.abc import Callable
from typing import Final, Literal
from uuid import uuid4

from msgspec import Struct

from gateway.problems import StoreUnavailable
from gateway.store import EpisodeStore, Occupancy
from tasks.task import Difficulty, Provenance, Task, TaskKind
from worker.messages import Graded, GradeJob, GradingFailed, TestsBroken
from worker.queue import GradeQueue, QueueFull, QueueHealth

SELF_TEST_DEADLINE_S: Final = 10.0
SELF_TEST_LASTS_S: Final = 15.0
"""How long a self-test's verdict is believed, seconds; probes come often."""
BUSY_S: Final = 1.0
"""How long gradings may wait before no self-test is put behind them, seconds: a probe would time
out. A queue that does not move at all is a reason of its own."""

_TEST: Final = (
    "from solution import double\n\n\ndef test_{name}():\n    assert double({number}) == {double}\n"
)
_SELF_TEST: Final = Task(
    id="self_test",
    title="Self-test",
    kind=TaskKind.BUG_FIX,
    difficulty=Difficulty.EASY,
    instruction="",
    starter="",
    reference="",
    test_public=_TEST.format(name="answer", number=21, double=42),
    test_hidden=_TEST.format(name="zero", number=0, double=0),
    entry_points=("double",),
    provenance=Provenance(source="readiness", licence="MIT"),
)
_RIGHT: Final = "def double(number):\n    return 2 * number\n"


class Isolation(Struct, frozen=True, kw_only=True):
    """Which layers confine submissions, and why others do not."""

    layers: tuple[str, ...]
    missing: dict[str, str]


class Load(Struct, frozen=True, kw_only=True):
    """How busy the graders and the session slots are."""

    gradings_running: int
    gradings_waiting: int
    grading_concurrency: int
    sessions_active: int
    sessions_parked: int
    sessions_limit: int


class ReadyReport(Struct, frozen=True, kw_only=True):
    """The answer of /readyz. `reasons` says what is wrong; ready means there is none."""

    ready: bool
    reasons: tuple[str, ...]
    self_test: Literal["passed", "failed", "not_run"]
    isolation: Isolation
    load: Load


class SelfTest(Struct, frozen=True, kw_only=True):
    """A verdict and when it was reached; `reason` is empty when all is well."""

    state: Literal["passed", "failed", "not_run"]
    reason: str
    at_s: float


class Readiness:
    """Looks at the parts and grades a known solution from time to time."""

    def __init__(self, *, queue: GradeQueue, store: EpisodeStore, now: Callable[[], float]) -> None:
        """Lean on the parts; `now` is a monotonic clock in seconds."""
        self._queue = queue
        self._store = store
        self._now = now
        self._last = SelfTest(state="not_run", reason="", at_s=0.0)

    async def report(self) -> ReadyReport:
        """Say whether gradings can be done now."""
        health = await self._queue.health()
        reasons = list(health.reasons)
        occupancy = Occupancy(active=0, parked=0, limit=0)
        try:
            occupancy = await self._store.occupancy()
        except StoreUnavailable:
            reasons.append("the sessions can not be reached")
        self_test = await self._self_test(health)
        if self_test.reason:
            reasons.append(self_test.reason)
        return ReadyReport(
            ready=not reasons,
            reasons=tuple(reasons),
            self_test=self_test.state,
            isolation=Isolation(layers=health.layers, missing=health.missing_layers),
            load=Load(
                gradings_running=health.running,
                gradings_waiting=health.waiting,
                grading_concurrency=health.workers,
                sessions_active=occupancy.active,
                sessions_parked=occupancy.parked,
                sessions_limit=occupancy.limit,
            ),
        )

    async def _self_test(self, health: QueueHealth) -> SelfTest:
        would_wait = health.oldest_s > BUSY_S
        if not health.reachable or not health.workers or would_wait:
            return SelfTest(state="not_run", reason="", at_s=self._now())
        last = self._last
        is_stale = last.state != "passed" or self._now() - last.at_s > SELF_TEST_LASTS_S
        if is_stale or health.reasons:
            self._last = await self._graded_self_test()
        return self._last

    async def _graded_self_test(self) -> SelfTest:
        job = GradeJob(
            job_id=f"self-test-{uuid4()}", source=_RIGHT, scope="full", inline_task=_SELF_TEST
        )
        try:
            report = await self._queue.grade(job, deadline_s=SELF_TEST_DEADLINE_S)
        except QueueFull:
            return SelfTest(state="not_run", reason="", at_s=self._now())
        match report:
            case Graded(grade=grade) if grade.passed:
                return SelfTest(state="passed", reason="", at_s=self._now())
            case Graded():
                reason = "the self-test's right solution was not graded as right"
            case GradingFailed(reason=fault):
                reason = f"the self-test could not be graded: {fault}"
            case TestsBroken():
                reason = "the self-test's own tests could not be collected"
        return SelfTest(state="failed", reason=reason, at_s=self._now())
