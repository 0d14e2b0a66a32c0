"""Sessions: resets, steps and states, over whichever road they came.

A step takes the session's lease, has its job graded, moves the episode on and gives the lease back
with the new version. Whatever goes wrong in between gives the lease back with nothing changed, so a
fault of ours costs no step.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final

from msgspec.structs import replace

from gateway import problems
from gateway.default_session import DefaultSession
from gateway.episode import Answer, Episode, Invalid, Session, Turn
from gateway.episodes import Moved, advance, begin, job_for, refuse, state_of
from gateway.gradings import graded
from gateway.incoming import ResetRequest, StepRequest
from gateway.metrics import Metrics
from gateway.problems import StoreUnavailable
from gateway.settings import Settings
from gateway.store import (
    AtCapacity,
    EpisodeStore,
    Lease,
    LeaseLost,
    Replay,
    SessionAttached,
    SessionBusy,
    UnknownSession,
    remember,
)
from gateway.unsure_steps import UnsureSteps
from gateway.wire import PythonCodeReviewState
from tasks.selection import UnknownTask, select
from tasks.task import Task
from worker.messages import Phases
from worker.queue import GradeQueue

ANSWERS_REMEMBERED: Final = 16
"""How many of the latest steps with a request_id a session can answer again."""
LEASE_MARGIN_S: Final = 10.0
"""How much longer a lease lasts than a grading may take, seconds."""
RETRY_POLL_S: Final = 0.02
"""How often a repeated request looks whether the first one is answered, seconds."""
CAPACITY_RETRY_S: Final = 5


class Sessions:
    """What can be done with sessions. One for each gateway."""

    def __init__(
        self,
        *,
        settings: Settings,
        store: EpisodeStore,
        queue: GradeQueue,
        tasks: Mapping[str, Task],
        new_id: Callable[[], str],
        metrics: Metrics,
    ) -> None:
        """Lean on the parts.

        Args:
            settings: Of the gateway.
            store: Where sessions are kept.
            queue: Where gradings are done.
            tasks: The catalogue.
            new_id: Makes ids that nobody can guess, of letters, digits, `-` and `_`.
            metrics: Where episodes and steps are counted.
        """
        self._settings = settings
        self._store = store
        self._queue = queue
        self._tasks = tasks
        self._new_id = new_id
        self._metrics = metrics
        self._default = DefaultSession(store, open_session=self.open)
        self._unsure = UnsureSteps()
        self._live: set[str] = set()
        self._closing: set[str] = set()

    async def open(self, *, socket_id: str | None = None) -> str:
        """Make a session without an episode and return its id.

        Raises:
            Refusal: CAPACITY_REACHED.
        """
        session = Session(session_id=self._new_id())
        await self._create(session, socket_id=socket_id)
        if socket_id is not None:
            self._live.add(session.session_id)
        return session.session_id

    async def reset(self, request: ResetRequest) -> Answer:
        """Begin an episode, in the session named or in a new one, which becomes the default one.

        Raises:
            Refusal: If there is no such task or session, or no room.
        """
        task = self._task_wished(request)
        if request.session_id is not None:
            return await self._restart(request.session_id, request, task)
        session_id = self._new_id()
        episode, turn = self._begin_episode(request, task, session_id)
        await self._create(Session(session_id=session_id, episode=episode))
        self._metrics.episode_started(episode)
        await self._store.make_default(session_id)
        return Answer(session_id=session_id, turn=turn)

    async def step(
        self, session_id: str, request: StepRequest, *, auto_start: bool = False
    ) -> Answer:
        """Take one step.

        Args:
            session_id: Whose.
            request: What to do; its own `session_id` is not looked at.
            auto_start: Whether a session without an episode begins the first task, or refuses.

        Raises:
            Refusal: If the step can not be taken; then nothing has changed.
        """
        begun = await self._begin(session_id, request.request_id)
        if isinstance(begun, Replay):
            return Answer(session_id=session_id, turn=begun.turn)
        async with self._held(begun):
            if (kept := self._unsure.answer(begun, request)) is not None:
                await self._store.abandon(begun)
                return Answer(session_id=session_id, turn=kept)
            session = begun.session
            if session.episode is None and auto_start:
                task = self._task_wished(ResetRequest())
                episode, _ = self._begin_episode(ResetRequest(), task, session_id)
                session = replace(session, episode=episode)
            (episode, turn), phases = await self._moved(session, request)
            session = replace(session, episode=episode)
            if request.request_id is not None:
                session = remember(
                    session, request_id=request.request_id, turn=turn, limit=ANSWERS_REMEMBERED
                )
            try:
                await self._store.commit(begun, session)
            except StoreUnavailable as away:
                self._unsure.note(begun, request, turn)
                raise problems.step_unsure() from away
        if begun.session.episode is None:
            self._metrics.episode_started(episode)
        after = asyncio.get_running_loop().call_soon  # when the answer is on its way
        after(self._metrics.stepped, request.action.action_type, episode, turn)
        return Answer(session_id=session_id, turn=turn, phases=phases)

    async def state(self, session_id: str) -> PythonCodeReviewState:
        """Say where a session stands.

        Raises:
            Refusal: If there is no such session.
        """
        try:
            session = await self._store.get(session_id)
        except UnknownSession as error:
            raise problems.unknown_session(session_id) from error
        return state_of(session.episode, session_id=session_id)

    async def default_state(self) -> PythonCodeReviewState:
        """Say where the default session stands; as before a reset when there is none."""
        kept = await self._default.found()
        if kept is not None:
            return state_of(kept.episode, session_id=kept.session_id)
        return PythonCodeReviewState()

    async def default_session(self) -> str:
        """Return the session that a caller who names none means; see `DefaultSession.wanted`."""
        return await self._default.wanted()

    async def attach(self, session_id: str, *, socket_id: str) -> None:
        """Let a socket hold a session.

        Raises:
            Refusal: SESSION_ERROR.
        """
        try:
            await self._store.attach(session_id, socket_id=socket_id)
        except UnknownSession as error:
            raise problems.unknown_session(session_id) from error
        except SessionAttached as error:
            raise problems.session_attached(session_id) from error
        self._live.add(session_id)

    async def detach(self, session_id: str, *, socket_id: str, for_good: bool = False) -> None:
        """Let a session go that a socket held; `for_good` when the client said goodbye."""
        self._live.discard(session_id)
        await self._store.detach(session_id, socket_id=socket_id, for_good=for_good)
        if session_id in self._closing:
            self._closing.discard(session_id)
            await self._store.delete(session_id)

    async def close(self, session_id: str) -> bool:
        """Forget a session, or do so once its socket is gone; say whether that is done.

        Raises:
            Refusal: If there is no such session.
        """
        if session_id in self._live:
            self._closing.add(session_id)
            return False
        if not await self._store.delete(session_id):
            raise problems.unknown_session(session_id)
        return True

    async def sweep(self) -> int:
        """Keep the sessions of live sockets and forget idle ones; say how many."""
        await self._store.touch(tuple(self._live))
        return await self._store.expire()

    async def _restart(self, session_id: str, request: ResetRequest, task: Task) -> Answer:
        begun = await self._begin(session_id, None)
        if isinstance(begun, Replay):
            return Answer(session_id=session_id, turn=begun.turn)
        async with self._held(begun):
            episode, turn = self._begin_episode(request, task, session_id)
            await self._store.commit(begun, replace(begun.session, episode=episode, answered=()))
        self._metrics.episode_started(episode, instead_of=begun.session.episode)
        return Answer(session_id=session_id, turn=turn)

    async def _begin(self, session_id: str, request_id: str | None) -> Lease | Replay:
        """Take the lease; a repeated request waits for the first one's answer."""
        lease_s = self._settings.grade_deadline_s + LEASE_MARGIN_S
        give_up_s = monotonic() + lease_s
        while True:
            try:
                return await self._store.begin(session_id, lease_s=lease_s, request_id=request_id)
            except UnknownSession as error:
                raise problems.unknown_session(session_id) from error
            except SessionBusy as busy:
                is_repeated = request_id is not None and busy.request_id == request_id
                if not is_repeated or monotonic() > give_up_s:
                    raise problems.step_in_progress() from busy
            await asyncio.sleep(RETRY_POLL_S)

    @asynccontextmanager
    async def _held(self, lease: Lease) -> AsyncIterator[None]:
        try:
            yield
        except LeaseLost as error:
            raise problems.step_overtaken() from error
        except BaseException:
            await self._store.abandon(lease)
            raise

    async def _moved(self, session: Session, request: StepRequest) -> tuple[Moved, Phases]:
        episode = session.episode
        if episode is None:
            raise problems.not_started()
        if episode.done:
            raise problems.episode_ended()
        task = self._tasks[episode.task_id]
        job = job_for(
            episode,
            request.action,
            job_id=f"{session.session_id}-{session.version}",
            wall_limit_s=request.timeout_s,
        )
        if isinstance(job, Invalid):
            return refuse(episode, request.action, task=task, invalid=job), Phases()
        deadline_s = self._settings.grade_deadline_s
        report = await graded(self._queue, job, deadline_s=deadline_s, metrics=self._metrics)
        moved = advance(episode, request.action, task=task, grade=report.grade)
        return moved, report.phases

    async def _create(self, session: Session, *, socket_id: str | None = None) -> None:
        try:
            await self._store.create(session, socket_id=socket_id)
        except AtCapacity as full:
            raise problems.at_capacity(
                full.active, full.limit, retry_after_s=CAPACITY_RETRY_S
            ) from full
        self._metrics.session_started()

    def _begin_episode(
        self, request: ResetRequest, task: Task, session_id: str
    ) -> tuple[Episode, Turn]:
        return begin(
            task,
            episode_id=request.episode_id if request.episode_id is not None else self._new_id(),
            reward_mode=request.reward_mode or self._settings.reward_mode,
            session_id=session_id,
        )

    def _task_wished(self, request: ResetRequest) -> Task:
        try:
            return select(self._tasks, request.wish)
        except UnknownTask as error:
            raise problems.unknown_task(str(error)) from error
