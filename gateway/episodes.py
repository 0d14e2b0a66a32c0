"""The life of an episode, without I/O: what a step asks to be graded, and where a grade leads."""

from typing import Final, TypeAlias

from msgspec.structs import replace

from gateway.episode import Episode, Invalid, Turn
from gateway.observations import observation_of, shown_after
from gateway.rewards import (
    StepFacts,
    is_stagnation,
    no_reward,
    potential_of,
    reward_details,
    standing_of,
)
from gateway.standing import Potential, Standing
from gateway.wire import (
    HistoryEntry,
    PythonCodeReviewAction,
    PythonCodeReviewState,
    RewardDetails,
    RewardMode,
)
from graders.grade import Grade
from sandbox.limits import SOURCE_BYTES
from tasks.task import Task
from worker.messages import GradeJob, Scope

HISTORY_STEPS: Final = 20
"""How many of the latest steps an observation lists."""


Moved: TypeAlias = tuple[Episode, Turn]


def begin(task: Task, *, episode_id: str, reward_mode: RewardMode, session_id: str) -> Moved:
    """Start an episode of a task; nothing is graded yet."""
    episode = Episode(
        episode_id=episode_id,
        task_id=task.id,
        max_steps=task.max_steps,
        reward_mode=reward_mode,
        current_code=task.starter,
    )
    observation = observation_of(
        task,
        episode,
        status="ready",
        error=None,
        details=no_reward(reward_mode),
        metadata={"session_id": session_id, "episode_id": episode_id},
    )
    return episode, Turn(observation=observation, reward=None, done=False)


def job_for(
    episode: Episode,
    action: PythonCodeReviewAction,
    *,
    job_id: str,
    wall_limit_s: float | None = None,
) -> GradeJob | Invalid:
    """Return what a step needs graded, or why it is no valid step.

    Args:
        episode: Must not be done.
        action: What the agent wants.
        job_id: The same for the same step of the same session.
        wall_limit_s: Shortens the task's limits, seconds.
    """
    if message := _objection(action):
        return Invalid(message)
    return GradeJob(
        job_id=job_id,
        source=_code_after(episode, action),
        scope=_scope(episode, action),
        task_id=episode.task_id,
        wall_limit_s=wall_limit_s,
    )


def advance(episode: Episode, action: PythonCodeReviewAction, *, task: Task, grade: Grade) -> Moved:
    """Move on by one graded step."""
    code = _code_after(episode, action)
    submitted = action.action_type == "submit_solution"
    standing, potential = _settled(episode, task, grade, same_code=code == episode.current_code)
    unchanged = episode.standing is not None and is_stagnation(task, episode.standing, standing)
    stagnant_steps = episode.stagnant_steps + 1 if unchanged else 0
    details = reward_details(
        episode.reward_mode,
        task,
        StepFacts(
            action_type=action.action_type,
            before=episode.standing,
            after=standing,
            stagnant_steps=stagnant_steps,
            potential_before=episode.potential,
            potential_after=potential,
        ),
    )
    moved = replace(
        episode,
        current_code=code,
        submitted=submitted,
        success=submitted and grade.passed,
        standing=standing,
        potential=potential,
        stagnant_steps=stagnant_steps,
        shown=shown_after(episode.shown, action.action_type, grade),
    )
    note = None
    if action.code and action.action_type in {"analyze_code", "run_tests"}:
        note = f"{action.action_type} takes no code, so `code` was left aside; send edit_code"
    return _closed(moved, action, task=task, details=details, error=note)


def refuse(
    episode: Episode, action: PythonCodeReviewAction, *, task: Task, invalid: Invalid
) -> Moved:
    """Move on by one invalid step: it is penalised and changes nothing else."""
    stagnant_steps = episode.stagnant_steps + 1
    details = reward_details(
        episode.reward_mode,
        task,
        StepFacts(
            action_type=action.action_type,
            before=episode.standing,
            after=episode.standing,
            stagnant_steps=stagnant_steps,
            invalid=True,
            potential_before=episode.potential,
            potential_after=episode.potential,
        ),
    )
    moved = replace(
        episode, stagnant_steps=stagnant_steps, shown=replace(episode.shown, analysis=None)
    )
    return _closed(moved, action, task=task, details=details, error=invalid.message, invalid=True)


def state_of(episode: Episode | None, *, session_id: str) -> PythonCodeReviewState:
    """Say where a session stands."""
    if episode is None:
        return PythonCodeReviewState(session_id=session_id)
    return PythonCodeReviewState(
        episode_id=episode.episode_id,
        step_count=episode.step_count,
        task_id=episode.task_id,
        session_id=session_id,
        max_steps=episode.max_steps,
        done=episode.done,
        submitted=episode.submitted,
        success=episode.success,
        score=episode.potential.score,
        reward_mode=episode.reward_mode,
    )


def _closed(
    moved: Episode,
    action: PythonCodeReviewAction,
    *,
    task: Task,
    details: RewardDetails,
    error: str | None,
    invalid: bool = False,
) -> Moved:
    step = moved.step_count + 1
    reward = details.reward if details.reward is not None else 0.0
    entry = HistoryEntry(
        step=step,
        action_type=action.action_type,
        status="invalid" if invalid else "ok",
        reward=reward,
        score=moved.potential.score,
    )
    episode = replace(
        moved,
        step_count=step,
        done=moved.submitted or step >= moved.max_steps,
        history=(*moved.history, entry)[-HISTORY_STEPS:],
    )
    observation = observation_of(
        task, episode, status=entry.status, error=error, details=details, metadata={}
    )
    return episode, Turn(observation=observation, reward=reward, done=episode.done)


def _settled(
    episode: Episode, task: Task, grade: Grade, *, same_code: bool
) -> tuple[Standing, Potential]:
    """Return where the code stands; what was measured of the same code before stays as it was.

    Two timings of the same code differ by noise, and noise must earn nothing.
    """
    known = episode.standing
    if grade.scope == "analysis" and known is not None:
        return known, episode.potential
    standing = standing_of(grade)
    if same_code and known is not None and _differ_in_time_alone(known, standing):
        if grade.scope == "public":
            return known, episode.potential
        standing = replace(standing, runtime=known.runtime)
    return standing, potential_of(task, grade)


def _differ_in_time_alone(known: Standing, standing: Standing) -> bool:
    as_timed = replace(standing, runtime=known.runtime, passed=known.passed, hidden=known.hidden)
    return as_timed == known


def _objection(action: PythonCodeReviewAction) -> str:
    code = action.code or ""
    if action.action_type == "edit_code" and not code.strip():
        return "edit_code needs the complete new source in `code`"
    if action.action_type in {"edit_code", "submit_solution"}:
        size_bytes = len(code.encode())
        if size_bytes > SOURCE_BYTES:
            return f"`code` has {size_bytes} bytes, at most {SOURCE_BYTES} are allowed"
    return ""


def _code_after(episode: Episode, action: PythonCodeReviewAction) -> str:
    takes_code = action.action_type in {"edit_code", "submit_solution"}
    return (
        action.code
        if takes_code and action.code and action.code.strip()
        else (episode.current_code)
    )


def _scope(episode: Episode, action: PythonCodeReviewAction) -> Scope:
    """Grade in full on submit; otherwise publicly, so that every state is known once graded."""
    if action.action_type == "submit_solution":
        return "full"
    if action.action_type == "analyze_code" and episode.standing is not None:
        return "analysis"
    return "public"
