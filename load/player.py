"""Plays one episode as an agent would, and records every answer."""

from time import monotonic
from typing import Any

from gateway.wire import ActionType, Envelope
from load.records import SCRIPT, EpisodeRecord, Errand, StepRecord
from load.road import NotAnswered, Road
from load.submissions import Submission, Turn


async def played(errand: Errand, turn: Turn, submission: Submission) -> EpisodeRecord:
    """Play one episode to its end, or for as long as its steps are answered."""
    began_s = monotonic()
    road = Road(errand.urls, first=turn.number, answer_s=errand.answer_s)
    steps: list[StepRecord] = []
    reset_s, loss = 0.0, ""
    try:
        label = f"{errand.label}-{turn.number}"
        wish = {"task_id": submission.task_id, "episode_id": label}
        begun = await road.asked("reset", wish, within_s=errand.step_s)
        reset_s = monotonic() - began_s
        road.session_id = str(begun.observation.metadata["session_id"])
        for number, action in enumerate(SCRIPT):
            sent_s = monotonic()
            data = _action(action, submission, request_id=f"{label}-{number}")
            answer = await road.asked("step", data, within_s=errand.step_s)
            steps.append(_recorded(action, answer, began_s=sent_s))
    except NotAnswered as error:
        loss = str(error)
    ended_s = monotonic()
    await road.close()
    return EpisodeRecord(
        turn=turn,
        session_id=road.session_id,
        began_s=began_s,
        ended_s=ended_s,
        reset_s=reset_s,
        steps=tuple(steps),
        faults=dict(road.faults),
        sockets_lost=road.sockets_lost,
        resumed=road.resumed,
        loss=loss,
    )


def _action(kind: ActionType, submission: Submission, *, request_id: str) -> dict[str, Any]:
    code = {"code": submission.code} if kind == "edit_code" else {}
    return {"action_type": kind, "metadata": {"request_id": request_id}, **code}


def _recorded(action: ActionType, answer: Envelope, *, began_s: float) -> StepRecord:
    seen = answer.observation
    return StepRecord(
        action=action,
        began_s=began_s,
        ended_s=monotonic(),
        reward=answer.reward if answer.reward is not None else 0.0,
        components=seen.reward_details.components,
        before_clamping=seen.reward_details.before_clamping,
        score=seen.score,
        attempts_remaining=seen.attempts_remaining,
        invalid=seen.last_action_status == "invalid",
        done=answer.done,
        success=seen.success,
    )
