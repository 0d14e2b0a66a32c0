"""Who decides on the next action: nobody (noop) or the local reference solution.

A policy is asked with everything it may know, so it can take over in the middle of an episode.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal, Protocol, TypeAlias

from msgspec import Struct

from agents.asking import Answer
from gateway.wire import ActionType, ObservationFields, PythonCodeReviewAction

EDIT_AND_SUBMIT_STEPS: Final = 2
"""What a repair takes; with more left, the tests are run first."""

Actor: TypeAlias = Literal["model", "reference", "noop"]


class Turn(Struct, frozen=True, kw_only=True):
    """Where an episode stands when an action is due. `steps_left` is at least 1."""

    observation: ObservationFields
    steps_left: int
    last_action: ActionType | None = None


class Move(Struct, frozen=True, kw_only=True):
    """An action, who chose it, and what a model said on the way to it."""

    action: PythonCodeReviewAction
    actor: Actor
    answers: tuple[Answer, ...] = ()


class NoReference(Exception):
    """The local catalogue does not hold this task; whoever started the run is to blame."""


class Policy(Protocol):
    """Chooses the actions of one episode."""

    describes_itself: str
    """What people are told when it steps in."""

    async def next_move(self, turn: Turn) -> Move:
        """Return the next action.

        Raises:
            ModelFailed: If a model was needed and gave nothing of use.
            NoReference: If a reference was needed and there is none.
        """
        ...


class NoopPolicy:
    """Hands in the code as it is: what doing nothing earns."""

    describes_itself = "nobody (the code is handed in as it is)"

    async def next_move(self, turn: Turn) -> Move:  # noqa: ARG002  the protocol's parameter
        """Return the submission of the unchanged code."""
        return Move(action=PythonCodeReviewAction(action_type="submit_solution"), actor="noop")


class ReferencePolicy:
    """Runs the tests, applies the reference, runs the tests again, hands in."""

    describes_itself = "the deterministic fallback (the task's local reference solution)"

    def __init__(self, read_references: Callable[[], Mapping[str, str]]) -> None:
        """Take what reads the reference solutions by task id, or raises NoReference."""
        self._read_references = read_references

    async def next_move(self, turn: Turn) -> Move:
        """Return the next action; with few steps left the test runs are left out first."""
        return Move(action=self._action(turn), actor="reference")

    def _action(self, turn: Turn) -> PythonCodeReviewAction:
        reference = self._reference_of(turn.observation.task_id)
        if turn.observation.current_code.strip() != reference.strip():
            if turn.steps_left == 1:
                return PythonCodeReviewAction(action_type="submit_solution", code=reference)
            if turn.last_action is None and turn.steps_left > EDIT_AND_SUBMIT_STEPS:
                return PythonCodeReviewAction(action_type="run_tests")
            return PythonCodeReviewAction(action_type="edit_code", code=reference)
        if turn.last_action != "run_tests" and turn.steps_left > 1:
            return PythonCodeReviewAction(action_type="run_tests")
        return PythonCodeReviewAction(action_type="submit_solution")

    def _reference_of(self, task_id: str) -> str:
        try:
            return self._read_references()[task_id]
        except KeyError:
            raise NoReference(
                f"the local catalogue has no task {task_id!r}, so no reference to apply; "
                "add its folder to TASKS_PATH"
            ) from None
