"""The policy of a model: look at the tests, repair, look again, hand in the best."""

from typing import Final

from msgspec import Struct

from agents.answers import NoCodeFound, code_in
from agents.asking import Answer, Message, Model, ModelFailed
from agents.policies import EDIT_AND_SUBMIT_STEPS, Move, Turn
from agents.prompts import SYSTEM, answer_again_prompt, repair_prompt
from gateway.wire import ObservationFields, PythonCodeReviewAction

REPAIRS: Final = 3
ASKS_A_REPAIR: Final = 2
TOKEN_GROWTH: Final = 2
"""How much more a model may say after an answer that was cut short."""
GOOD_RUNTIME_SCORE: Final = 0.9
"""An optimization below this total score is worth another attempt."""


class _Attempt(Struct, frozen=True, order=True):
    """How good a code of the model's is; better ones are greater."""

    passed_share: float
    score: float


class ModelPolicy:
    """Plays one episode with a model. Not shared between episodes."""

    describes_itself = "the model"

    def __init__(self, model: Model, *, max_tokens: int) -> None:
        """Take the model and the token budget of one answer."""
        self._model = model
        self._max_tokens = max_tokens
        self._repairs = 0
        self._best: tuple[_Attempt, str] | None = None
        self._earlier: list[str] = []
        self._answers: list[Answer] = []

    async def next_move(self, turn: Turn) -> Move:
        """Return the next action; the last step left is always a submission."""
        if turn.last_action == "edit_code":
            self._judge_edit(turn.observation)
        self._answers = []
        action = await self._action(turn)
        return Move(action=action, actor="model", answers=tuple(self._answers))

    async def _action(self, turn: Turn) -> PythonCodeReviewAction:
        if turn.last_action is None and turn.steps_left > EDIT_AND_SUBMIT_STEPS:
            return PythonCodeReviewAction(action_type="run_tests")
        if self._repairs == 0 or self._should_repair_again(turn):
            return await self._repair(turn)
        if self._is_best(turn.observation):
            if turn.last_action != "run_tests" and turn.steps_left > 1:
                return PythonCodeReviewAction(action_type="run_tests")
            return PythonCodeReviewAction(action_type="submit_solution")
        return self._submission_of_best()

    def _should_repair_again(self, turn: Turn) -> bool:
        return (
            self._repairs < REPAIRS
            and turn.steps_left > 1
            and turn.last_action == "edit_code"
            and not is_good_enough(turn.observation)
        )

    async def _repair(self, turn: Turn) -> PythonCodeReviewAction:
        try:
            code = await self._repaired(turn.observation)
        except ModelFailed as failure:
            if failure.has_answered and self._best is not None:
                return self._submission_of_best()
            raise
        if turn.steps_left > 1:
            return PythonCodeReviewAction(action_type="edit_code", code=code)
        return PythonCodeReviewAction(action_type="submit_solution", code=code)

    async def _repaired(self, observation: ObservationFields) -> str:
        """Ask for code until an answer holds some."""
        self._repairs += 1
        messages = [
            Message(role="system", content=SYSTEM),
            Message(
                role="user", content=repair_prompt(observation, earlier_attempts=self._earlier)
            ),
        ]
        reason = ""
        for _ in range(ASKS_A_REPAIR):
            answer = await self._model.ask(messages, max_tokens=self._max_tokens)
            self._answers.append(answer)
            try:
                return code_in(answer.text, replaces=observation.current_code)
            except NoCodeFound as trouble:
                reason = str(trouble)
            if answer.is_cut:
                self._max_tokens *= TOKEN_GROWTH
            messages[2:] = [
                Message(role="assistant", content=answer.text),
                Message(role="user", content=answer_again_prompt(reason)),
            ]
        raise ModelFailed(f"{reason} ({ASKS_A_REPAIR} answers)", has_answered=True)

    def _judge_edit(self, observation: ObservationFields) -> None:
        attempt = _Attempt(passed_share(observation), observation.score)
        if self._best is None or attempt > self._best[0]:
            self._best = (attempt, observation.current_code)
        self._earlier.append(
            f"attempt {self._repairs}: {attempt.passed_share:.0%} of the public tests passed, "
            f"score {attempt.score:.2f}"
        )

    def _is_best(self, observation: ObservationFields) -> bool:
        return self._best is None or self._best[1] == observation.current_code

    def _submission_of_best(self) -> PythonCodeReviewAction:
        code = None if self._best is None else self._best[1]
        return PythonCodeReviewAction(action_type="submit_solution", code=code)


def is_good_enough(observation: ObservationFields) -> bool:
    """Say whether the public view leaves nothing that another attempt should repair."""
    if passed_share(observation) < 1.0:
        return False
    return observation.task_kind != "optimization" or observation.score >= GOOD_RUNTIME_SCORE


def passed_share(observation: ObservationFields) -> float:
    """Return the share of public tests that passed, 0 when none ran."""
    tests = observation.visible_tests
    return sum(test.passed for test in tests) / len(tests) if tests else 0.0
