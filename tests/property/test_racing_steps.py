"""Steps that race each other over two gateways and one real Redis, in every order that is found.

Gradings end when the machine says so; gateways stall, die and come back in between. Whatever the
order: every step that was answered acted exactly once, no two acted on the same state, none acted
beyond the budget, and no reward was given twice.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias
from uuid import uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace
from redis.asyncio import Redis

from gateway.episode import Answer
from gateway.incoming import ResetRequest, StepRequest
from gateway.metrics import Metrics
from gateway.problems import Refusal
from gateway.redis_client import async_client
from gateway.redis_store import RedisEpisodeStore
from gateway.sessions import Sessions
from gateway.settings import Settings
from gateway.wire import PythonCodeReviewAction
from graders.grade import Grade
from graders.quality import analysis_grade
from sandbox.exam import Analysis
from tests.contract.episodes import TASK
from tests.redis_server import RedisServer
from worker.messages import Graded, GradeJob, GradeReport, GradingFailed
from worker.queue import BatchAnswer, QueueHealth

INTERLEAVINGS = 1000
RUNS = 1400
"""A few more, since some turn out to be the same."""
RULES_EACH = 12
BUDGET = 4
GATEWAYS = 2
SETTLES_WITHIN_S = 5.0
TASKS = {"kept": replace(TASK, max_steps=BUDGET)}
METRICS = Metrics(TASKS)
REQUEST_IDS = (None, "r1", "r2", "r3")

Outcome: TypeAlias = Answer | Refusal
Wanted: TypeAlias = tuple[int, str | None, Literal["run_tests", "edit_code"]]
"""At which gateway, under which request id, what."""
STEPS = st.tuples(
    st.integers(0, GATEWAYS - 1),
    st.sampled_from(REQUEST_IDS),
    st.sampled_from(["run_tests", "edit_code"]),
)


def grade_of(job: GradeJob) -> Grade:
    return replace(analysis_grade(Analysis(complexity=1, line_count=1)), scope="public")


class Waiting(NamedTuple):
    """A step and the grading it waits for."""

    step: asyncio.Task[Any]
    job: GradeJob
    answer: asyncio.Future[GradeReport]


class HeldBackQueue:
    """Gradings that end when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[Waiting] = []
        self.arrived = asyncio.Event()

    async def grade(self, job: GradeJob, *, deadline_s: float) -> GradeReport:
        step = asyncio.current_task()
        assert step is not None
        answer: asyncio.Future[GradeReport] = asyncio.get_running_loop().create_future()
        self.waiting.append(Waiting(step, job, answer))
        self.arrived.set()
        return await answer

    async def grade_many(
        self, jobs: Sequence[GradeJob], *, deadline_s: float
    ) -> tuple[BatchAnswer, ...]:
        raise NotImplementedError

    async def health(self) -> QueueHealth:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError


class Racing(RuleBasedStateMachine):
    """Steps of one session; the loop and the client are the test's, to save time."""

    runner: ClassVar[asyncio.Runner]
    redis: ClassVar[Redis]
    played: ClassVar[list[tuple[str, ...]]] = []
    """What happened in each run that came to its end, in order; two steps race in every one."""

    def __init__(self) -> None:
        super().__init__()
        self.happened: list[str] = []
        self.looked_at = 0
        self.running: dict[asyncio.Task[Outcome], str | None] = {}
        self.acted: dict[str, Answer] = {}
        self.nameless: list[Answer] = []

    def run(self, coroutine: Any) -> Any:
        return self.runner.run(coroutine)

    @initialize(first=STEPS, second=STEPS)
    def begin(self, first: Wanted, second: Wanted) -> None:
        """Begin an episode with a race."""
        self.run(self._begin())
        self.step(first)
        self.step(second)

    async def _begin(self) -> None:
        self.prefix = f"{uuid4()}:"
        self.queue = HeldBackQueue()
        self.names: list[str] = []
        self.gateways = [self._gateway() for _ in range(GATEWAYS)]
        answer = await self.gateways[0].reset(ResetRequest())
        self.session_id = answer.session_id

    def _gateway(self) -> Sessions:
        self.names.append(str(uuid4()))
        store = RedisEpisodeStore(
            self.redis,
            gateway_id=self.names[-1],
            limit=10,
            idle_s=60,
            new_token=lambda: str(uuid4()),
            prefix=self.prefix,
        )
        return Sessions(
            settings=Settings(),
            store=store,
            queue=self.queue,
            tasks=TASKS,
            new_id=lambda: str(uuid4()),
            metrics=METRICS,
        )

    @rule(wanted=STEPS)
    def step(self, wanted: Wanted) -> None:
        at, request_id, kind = wanted
        self.happened.append(f"step {at} {request_id} {kind}")
        code = f"x = {uuid4().int}\n" if kind == "edit_code" else None
        request = StepRequest(
            action=PythonCodeReviewAction(action_type=kind, code=code), request_id=request_id
        )
        self.run(self._step(self.gateways[at], request))

    async def _step(self, gateway: Sessions, request: StepRequest) -> None:
        async def outcome() -> Outcome:
            try:
                return await gateway.step(self.session_id, request)
            except Refusal as refusal:
                return refusal

        self.queue.arrived.clear()
        task = asyncio.create_task(outcome())
        self.running[task] = request.request_id
        repeated = list(self.running.values()).count(request.request_id) > 1
        patience_s = 0.01 if request.request_id is not None and repeated else SETTLES_WITHIN_S
        arrival = asyncio.create_task(self.queue.arrived.wait())
        await asyncio.wait({task, arrival}, timeout=patience_s, return_when="FIRST_COMPLETED")
        arrival.cancel()

    @rule(pick=st.integers(0, 7), well=st.booleans())
    def finish(self, pick: int, well: bool) -> None:
        if not self.queue.waiting:  # no precondition: a slow machine may change what waits
            return
        self.happened.append(f"finish {pick % len(self.queue.waiting)} {well}")
        self.run(self._finish(pick % len(self.queue.waiting), well=well))

    async def _finish(self, index: int, *, well: bool) -> None:
        waiting = self.queue.waiting.pop(index)
        job_id = waiting.job.job_id
        waiting.answer.set_result(
            Graded(job_id=job_id, grade=grade_of(waiting.job))
            if well
            else GradingFailed(job_id=job_id, reason="the machine said so")
        )
        await asyncio.wait_for(asyncio.shield(waiting.step), SETTLES_WITHIN_S)

    @rule(whose=st.sampled_from([(0,), (1,), (0, 1)]))
    def stall(self, whose: tuple[int, ...]) -> None:
        """Let gateways count as dead while they go on."""
        self.happened.append(f"stall {whose}")
        self.run(self.redis.delete(*(f"{self.prefix}gateway:{self.names[at]}" for at in whose)))

    async def _finish_all(self) -> None:
        give_up_s = asyncio.get_running_loop().time() + SETTLES_WITHIN_S
        while not all(step.done() for step in self.running):
            assert asyncio.get_running_loop().time() < give_up_s, "a step is never answered"
            if self.queue.waiting:
                await self._finish(0, well=True)
            else:
                await asyncio.sleep(0.002)

    @invariant()
    def every_answer_is_of_a_step_of_its_own(self) -> None:
        for task in [task for task in self.running if task.done()]:
            request_id = self.running.pop(task)
            outcome = task.result()
            if isinstance(outcome, Refusal):
                assert outcome.status in {409, 503}, outcome.message
            elif request_id is None:
                self.nameless.append(outcome)
            else:
                before = self.acted.setdefault(request_id, outcome)
                assert before.turn == outcome.turn
        steps = sorted(
            BUDGET - answer.turn.observation.attempts_remaining
            for answer in (*self.nameless, *self.acted.values())
        )
        assert steps == list(range(1, len(steps) + 1)), "a step was lost or taken twice"
        assert len(steps) <= BUDGET

    @invariant()
    def the_session_is_where_the_answers_say(self) -> None:
        if self.looked_at == len(self.happened):
            return
        self.looked_at = len(self.happened)
        state = self.run(self.gateways[0].state(self.session_id))
        assert state.step_count == len(self.nameless) + len(self.acted)

    def teardown(self) -> None:
        if hasattr(self, "session_id"):
            self.run(self._finish_all())
            self.looked_at = -1
            self.every_answer_is_of_a_step_of_its_own()
            self.the_session_is_where_the_answers_say()
            self.played.append(tuple(self.happened))


def test_of_racing_steps_exactly_one_acts(redis_server: RedisServer) -> None:
    Racing.played.clear()
    with asyncio.Runner() as runner:
        Racing.runner, Racing.redis = runner, async_client(redis_server.url)
        run_state_machine_as_test(
            Racing,
            settings=settings(
                max_examples=RUNS,
                stateful_step_count=RULES_EACH,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
        runner.run(Racing.redis.aclose())

    assert len(set(Racing.played)) >= INTERLEAVINGS, len(Racing.played)
