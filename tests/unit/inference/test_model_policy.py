import pytest

from agents.asking import Answer, ModelFailed
from agents.model_policy import ModelPolicy, is_good_enough
from agents.policies import Turn
from agents.prompts import (
    CODE_LIMIT_CHARS,
    DESCRIPTION_LIMIT_CHARS,
    ERRORS_LIMIT_CHARS,
    FAILURES_LIMIT_CHARS,
    repair_prompt,
)
from gateway.wire import ActionType, ObservationFields, PythonCodeReviewAction
from tests.unit.inference.observed import FIXED, STARTER, observed, visible
from tests.unit.inference.scripted_model import ScriptedModel

HALF = "def f():\n    return 0.5\n"
ALL_PASSED = visible(passed=2, failed=0)


def fenced(code: str) -> str:
    return f"```python\n{code}```"


async def move(
    policy: ModelPolicy,
    observation: ObservationFields,
    *,
    last_action: ActionType | None,
    steps_left: int = 9,
) -> PythonCodeReviewAction:
    turn = Turn(observation=observation, steps_left=steps_left, last_action=last_action)
    return (await policy.next_move(turn)).action


async def test_tests_come_first_and_again_before_the_submission() -> None:
    policy = ModelPolicy(ScriptedModel([fenced(FIXED)]), max_tokens=9)
    solved = observed(current_code=FIXED, visible_tests=ALL_PASSED, score=1.0)

    first = await move(policy, observed(), last_action=None)
    second = await move(policy, observed(), last_action="run_tests")
    third = await move(policy, solved, last_action="edit_code")
    fourth = await move(policy, solved, last_action="run_tests")

    assert (first.action_type, second.action_type) == ("run_tests", "edit_code")
    assert second.code == FIXED
    assert (third.action_type, fourth.action_type) == ("run_tests", "submit_solution")
    assert fourth.code is None


async def test_the_best_repair_is_handed_in_not_the_last() -> None:
    model = ScriptedModel([fenced(HALF), fenced("def f(): pass\n"), fenced("def f(): ...\n")])
    policy = ModelPolicy(model, max_tokens=9)
    half = observed(current_code=HALF, visible_tests=visible(passed=1, failed=1), score=0.5)
    worse = observed(
        current_code="def f(): pass\n", visible_tests=visible(passed=0, failed=2), score=0.1
    )

    await move(policy, observed(), last_action="run_tests")
    await move(policy, half, last_action="edit_code")
    await move(policy, worse, last_action="edit_code")
    last = await move(policy, worse, last_action="edit_code")

    assert (last.action_type, last.code) == ("submit_solution", HALF)
    assert "50% of the public tests passed" in model.asked[1][0]


@pytest.mark.parametrize("steps_left", [1, 2])
async def test_with_few_steps_left_the_model_is_still_asked(steps_left: int) -> None:
    policy = ModelPolicy(ScriptedModel([fenced(FIXED)]), max_tokens=9)

    action = await move(policy, observed(), last_action=None, steps_left=steps_left)

    assert action.code == FIXED
    assert action.action_type == ("submit_solution" if steps_left == 1 else "edit_code")


async def test_a_model_that_says_nothing_of_use_has_failed_though_it_answered() -> None:
    policy = ModelPolicy(ScriptedModel(["no", "no"]), max_tokens=9)

    with pytest.raises(ModelFailed, match="no code") as failed:
        await move(policy, observed(), last_action="run_tests")

    assert failed.value.has_answered


async def test_useless_words_after_a_repair_do_not_lose_the_repair() -> None:
    policy = ModelPolicy(ScriptedModel([fenced(HALF), "no", "no"]), max_tokens=9)
    half = observed(current_code=HALF, visible_tests=visible(passed=1, failed=1), score=0.5)
    await move(policy, observed(), last_action="run_tests")

    action = await move(policy, half, last_action="edit_code")

    assert (action.action_type, action.code) == ("submit_solution", HALF)


async def test_a_model_out_of_reach_is_not_hidden_by_an_earlier_repair() -> None:
    policy = ModelPolicy(ScriptedModel([fenced(HALF), ModelFailed("gone")]), max_tokens=9)
    half = observed(current_code=HALF, visible_tests=visible(passed=1, failed=1), score=0.5)
    await move(policy, observed(), last_action="run_tests")

    with pytest.raises(ModelFailed, match="gone"):
        await move(policy, half, last_action="edit_code")


async def test_an_answer_cut_short_widens_the_budget() -> None:
    model = ScriptedModel([Answer(text="", is_cut=True), fenced(FIXED)])

    await move(ModelPolicy(model, max_tokens=9), observed(), last_action="run_tests")

    assert [budget for _, budget in model.asked] == [9, 18]


def test_an_optimization_has_to_be_fast_as_well() -> None:
    slow = observed(task_kind="optimization", visible_tests=ALL_PASSED, score=0.8)
    fast = observed(task_kind="optimization", visible_tests=ALL_PASSED, score=0.95)
    bug_fix = observed(visible_tests=ALL_PASSED, score=0.8)

    assert not is_good_enough(slow)
    assert is_good_enough(fast)
    assert is_good_enough(bug_fix)
    assert not is_good_enough(observed(score=0.99))


def test_a_prompt_says_what_is_wrong() -> None:
    prompt = repair_prompt(
        observed(errors="line 2: unexpected indent", visible_tests=visible(passed=1, failed=1)),
        earlier_attempts=["attempt 1: it failed"],
    )

    assert STARTER.strip() in prompt
    assert "Return one." in prompt
    assert "line 2: unexpected indent" in prompt
    assert "test_bad_0\n  assert 0 == 1\n  called f()\n  expected 1\n  got 0" in prompt
    assert "test_ok_0" not in prompt
    assert "attempt 1: it failed" in prompt


def test_a_prompt_is_short_however_long_its_parts_are() -> None:
    long = "x" * 100_000
    prompt = repair_prompt(
        observed(
            current_code=long,
            errors=long,
            task_description=long,
            visible_tests=visible(passed=0, failed=1000),
        ),
        earlier_attempts=[f"attempt {number}" for number in range(50)],
    )

    limits = CODE_LIMIT_CHARS + ERRORS_LIMIT_CHARS + DESCRIPTION_LIMIT_CHARS + FAILURES_LIMIT_CHARS
    assert len(prompt) <= limits + 1000
    assert prompt.count("[... cut ...]") == 4
