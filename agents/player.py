"""Plays one episode: a policy against a server, with every line and record on every path."""

from msgspec import Struct

from agents.address import ServerAddress
from agents.asking import ModelFailed
from agents.cast import Cast
from agents.env_session import EnvFault, EnvSession
from agents.notices import Notices
from agents.policies import Move, NoReference, Policy, Turn
from agents.record import PlayedEpisode, PlayedStep, RecordFile
from agents.transcript import Transcript, end_line, start_line, step_line
from gateway.wire import ActionType, Envelope

INTERRUPTED = "interrupted"


class Assignment(Struct, frozen=True, kw_only=True):
    """One episode to be played; `place` counts from 0 in the order of the run."""

    place: int
    task_id: str
    seed: int | None = None


class Player:
    """Plays assignments, any number at a time."""

    def __init__(
        self,
        *,
        address: ServerAddress,
        cast: Cast,
        transcript: Transcript,
        records: RecordFile,
        notices: Notices,
        max_steps: int,
        shows_score: bool,
    ) -> None:
        """Take the collaborators; `max_steps` holds beside the server's own limit."""
        self._address = address
        self._cast = cast
        self._transcript = transcript
        self._records = records
        self._notices = notices
        self._max_steps = max_steps
        self._shows_score = shows_score

    async def play(self, assignment: Assignment) -> PlayedEpisode:
        """Play one episode; what breaks it is told and recorded, not raised."""
        name, policy = self._cast.lead()
        played = PlayedEpisode(
            episode=assignment.place,
            task_id=assignment.task_id,
            model=name,
            seed=assignment.seed,
            broken=INTERRUPTED,
        )
        try:
            self._transcript.add(
                assignment.place, start_line(task_id=assignment.task_id, model=name)
            )
            async with EnvSession(self._address) as env:
                await self._play_steps(env, policy, played)
            played.broken = ""
        except (EnvFault, ModelFailed, NoReference) as trouble:
            played.broken = self._notices.redacted(str(trouble))
            self._notices.say(f"{assignment.task_id}: the episode broke: {trouble}")
        finally:
            self._end(assignment, played)
        return played

    def _end(self, assignment: Assignment, played: PlayedEpisode) -> None:
        line = end_line(
            success=played.success,
            rewards=played.rewards,
            score=played.score if self._shows_score else None,
        )
        self._transcript.add(assignment.place, line)
        self._transcript.close(assignment.place)
        try:
            self._records.write(played)
        except OSError as error:
            played.broken = played.broken or f"not recorded: {error}"
            self._notices.say(f"{assignment.task_id}: the episode is not recorded: {error}")

    async def _play_steps(self, env: EnvSession, policy: Policy, played: PlayedEpisode) -> None:
        outcome = await env.reset(task_id=played.task_id, seed=played.seed)
        played.first_observation = outcome.observation
        last_action: ActionType | None = None
        while not outcome.done:
            steps_left = self._steps_left(outcome, taken=len(played.steps))
            if steps_left <= 0:
                break
            turn = Turn(
                observation=outcome.observation, steps_left=steps_left, last_action=last_action
            )
            policy, move = await self._move(policy, turn, played)
            outcome = await env.step(move.action)
            last_action = move.action.action_type
            self._note_step(played, move, outcome)

    def _steps_left(self, outcome: Envelope, *, taken: int) -> int:
        return min(self._max_steps - taken, outcome.observation.attempts_remaining)

    async def _move(self, policy: Policy, turn: Turn, played: PlayedEpisode) -> tuple[Policy, Move]:
        try:
            return policy, await policy.next_move(turn)
        except ModelFailed as failure:
            stand_in = self._cast.stand_in(failure)
            if stand_in is None:
                raise
            self._notices.say(
                f"{played.task_id}: the model failed: {failure}; "
                f"{stand_in.describes_itself} plays on"
            )
            return stand_in, await stand_in.next_move(turn)

    def _note_step(self, played: PlayedEpisode, move: Move, outcome: Envelope) -> None:
        error = self._notices.redacted(outcome.observation.last_action_error or "")
        step = PlayedStep(
            step=len(played.steps) + 1,
            action=move.action,
            actor=move.actor,
            answers=move.answers,
            reward=outcome.reward,
            done=outcome.done,
            error=error,
            observation=outcome.observation,
        )
        played.steps.append(step)
        played.score = outcome.observation.score
        played.success = outcome.observation.success
        line = step_line(
            step=step.step,
            action=move.action.action_type,
            reward=step.reward,
            done=step.done,
            error=error,
        )
        self._transcript.add(played.episode, line)
