"""Laws every reward keeps, whatever the task and however the step went."""

from typing import get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.rewards import (
    HIGHEST_LEVEL,
    LOWEST_LEVEL,
    StepFacts,
    is_regression,
    is_stagnation,
    reward_details,
    total_of,
)
from gateway.standing import Potential, Standing
from gateway.wire import ActionType, RewardDetails, RewardMode
from tasks.task import Task
from tests.property.grade_strategies import shares, tasks

laws = settings(max_examples=300, deadline=None)
ROUNDING = 1e-9

actions: st.SearchStrategy[ActionType] = st.sampled_from(get_args(ActionType))
modes: st.SearchStrategy[RewardMode] = st.sampled_from(get_args(RewardMode))
stagnations = st.integers(0, 12)
potentials = st.builds(Potential, tests=shares, runtime=shares, quality=shares)


@st.composite
def standings(draw: st.DrawFn, *, hidden: bool = False) -> Standing:
    """Return a state that can be: what does not compile or load passes nothing."""
    compiles = draw(st.booleans())
    loads = compiles and draw(st.booleans())
    public = draw(st.sampled_from([0.0, 0.25, 0.5, 1.0])) if loads else 0.0
    hidden_share = draw(shares) if loads else 0.0
    passed = public == 1.0 and (not hidden or hidden_share == 1.0) and draw(st.booleans())
    return Standing(
        compiles=compiles,
        loads=loads,
        public=public,
        hidden=hidden_share if hidden else None,
        runtime=draw(shares) if public == 1.0 else 0.0,
        quality=draw(shares) if compiles else 0.0,
        passed=passed,
        timed_out=draw(st.booleans()),
    )


def respects(standing: Standing) -> tuple[float, ...]:
    """Return everything a state can be better or worse in, more being better."""
    return (
        standing.compiles,
        standing.loads,
        standing.public,
        standing.hidden or 0.0,
        standing.runtime,
        standing.quality,
        standing.passed,
        not standing.timed_out,
    )


@st.composite
def ordered_standings(draw: st.DrawFn, *, hidden: bool) -> tuple[Standing, Standing]:
    """Return a state and one that is no better in any respect."""
    first, second = draw(standings(hidden=hidden)), draw(standings(hidden=hidden))
    pairs = zip(respects(first), respects(second), strict=True)
    lower = [min(pair) for pair in pairs]
    worse = Standing(
        compiles=bool(lower[0]),
        loads=bool(lower[1]),
        public=lower[2],
        hidden=lower[3] if hidden else None,
        runtime=lower[4],
        quality=lower[5],
        passed=bool(lower[6]),
        timed_out=not lower[7],
    )
    return first, worse


def level_of(
    task: Task,
    action_type: ActionType,
    before: Standing | None,
    after: Standing,
    *,
    stagnant_before: int = 0,
) -> RewardDetails:
    """Return what a valid step earns in level mode, counting standing still as an episode does."""
    unchanged = before is not None and is_stagnation(task, before, after)
    facts = StepFacts(
        action_type=action_type,
        before=before,
        after=after,
        stagnant_steps=stagnant_before + 1 if unchanged else 0,
    )
    return reward_details("level", task, facts)


def earned(details: RewardDetails) -> float:
    assert details.reward is not None
    return details.reward


step_facts = st.builds(
    StepFacts,
    action_type=actions,
    before=st.none() | standings(),
    after=standings(),
    stagnant_steps=stagnations,
    invalid=st.booleans(),
    potential_before=potentials,
    potential_after=potentials,
)


@laws
@given(tasks(), modes, step_facts)
def test_the_components_add_up_to_the_value_before_clamping(
    task: Task, mode: RewardMode, facts: StepFacts
) -> None:
    details = reward_details(mode, task, facts)

    assert details.before_clamping == total_of(details.components)
    if mode == "level":
        assert LOWEST_LEVEL <= earned(details) <= HIGHEST_LEVEL
        assert earned(details) == min(HIGHEST_LEVEL, max(LOWEST_LEVEL, details.before_clamping))
    else:
        assert details.reward == details.before_clamping


@laws
@given(tasks(), actions, st.none() | standings(), stagnations, st.data())
def test_a_state_better_in_one_respect_and_worse_in_none_never_earns_less(
    task: Task,
    action_type: ActionType,
    before: Standing | None,
    stagnant: int,
    data: st.DataObject,
) -> None:
    better, worse = data.draw(ordered_standings(hidden=data.draw(st.booleans())))

    more = level_of(task, action_type, before, better, stagnant_before=stagnant)
    less = level_of(task, action_type, before, worse, stagnant_before=stagnant)

    assert earned(more) >= earned(less) - ROUNDING


@laws
@given(tasks(), actions, stagnations, ordered_standings(hidden=False))
def test_a_regression_earns_less_than_standing_still(
    task: Task, action_type: ActionType, stagnant: int, pair: tuple[Standing, Standing]
) -> None:
    before, worse = pair
    assume(is_regression(task, before, worse))

    standing_still = level_of(task, action_type, before, before, stagnant_before=stagnant)
    regression = level_of(task, action_type, before, worse, stagnant_before=stagnant)

    assert regression.components.regression_penalty < 0
    assert regression.before_clamping < standing_still.before_clamping
    if before.compiles:
        assert earned(regression) < earned(standing_still)


@laws
@given(tasks(), ordered_standings(hidden=False))
def test_what_is_worse_to_tests_or_linter_is_a_regression_and_nothing_better_is(
    task: Task, pair: tuple[Standing, Standing]
) -> None:
    better, worse = pair

    assert not is_regression(task, worse, better)
    if better.public > worse.public or (better.loads and not worse.loads):
        assert is_regression(task, better, worse)


@laws
@given(tasks(), standings(), st.floats(0, 1))
def test_a_longer_run_time_alone_is_no_regression(
    task: Task, standing: Standing, slower: float
) -> None:
    after = replace(standing, runtime=max(0.0, standing.runtime - slower))

    assert not is_regression(task, standing, after)


@laws
@given(tasks(), actions, standings(), st.integers(2, 10))
def test_nothing_earned_without_a_change_of_state_grows_by_repeating_it(
    task: Task, action_type: ActionType, standing: Standing, times: int
) -> None:
    rewards = [
        earned(level_of(task, action_type, standing, standing, stagnant_before=number))
        for number in range(times)
    ]

    assert rewards == sorted(rewards, reverse=True)


@laws
@given(tasks(), standings())
def test_testing_once_more_right_after_an_edit_is_no_stagnation(
    task: Task, standing: Standing
) -> None:
    looked = level_of(task, "run_tests", standing, standing, stagnant_before=0)

    assert looked.components.stagnation_penalty == 0


@laws
@given(tasks(), actions, standings(), stagnations)
def test_an_invalid_action_earns_less_than_a_valid_one_that_changes_nothing(
    task: Task, action_type: ActionType, standing: Standing, stagnant: int
) -> None:
    valid = level_of(task, action_type, standing, standing, stagnant_before=stagnant)
    facts = StepFacts(
        action_type=action_type,
        before=standing,
        after=standing,
        stagnant_steps=stagnant + 1,
        invalid=True,
    )
    invalid = reward_details("level", task, facts)

    assert invalid.components.invalid_action_penalty < 0
    assert invalid.before_clamping < valid.before_clamping
    assert earned(invalid) <= earned(valid)


@laws
@given(tasks(), actions, standings())
def test_running_out_of_time_earns_less_than_failing_in_time(
    task: Task, action_type: ActionType, standing: Standing
) -> None:
    in_time = level_of(task, action_type, None, replace(standing, timed_out=False))
    late = level_of(task, action_type, None, replace(standing, timed_out=True))

    assert late.components.timeout_penalty < 0
    assert late.before_clamping < in_time.before_clamping


@laws
@given(tasks(), st.lists(potentials, min_size=1, max_size=12), st.data())
def test_in_delta_mode_rewards_add_up_to_the_last_score(
    task: Task, road: list[Potential], data: st.DataObject
) -> None:
    total = 0.0
    for before, after in zip([Potential(), *road], road, strict=False):
        facts = StepFacts(
            action_type=data.draw(actions),
            before=data.draw(st.none() | standings()),
            after=data.draw(standings()),
            stagnant_steps=data.draw(stagnations),
            potential_before=before,
            potential_after=after,
        )
        total += earned(reward_details("delta", task, facts))

    last = road[-1]
    assert total == pytest.approx(last.tests + last.runtime + last.quality)


@laws
@given(tasks(), actions, st.none() | standings(), standings(), st.text(max_size=20))
def test_rewards_do_not_depend_on_the_text_of_the_reference(
    task: Task, action_type: ActionType, before: Standing | None, after: Standing, text: str
) -> None:
    other = replace(task, reference=text)

    assert level_of(task, action_type, before, after) == level_of(other, action_type, before, after)


@laws
@given(tasks(), st.floats(0.5, 1))
def test_a_solved_state_pays_in_the_promised_shape(task: Task, quality: float) -> None:
    broken = Standing()
    solved = Standing(
        compiles=True, loads=True, public=1.0, runtime=1.0, quality=quality, passed=True
    )
    handed_in = replace(solved, hidden=1.0)

    assert earned(level_of(task, "run_tests", None, broken)) < 0.20
    assert earned(level_of(task, "edit_code", broken, solved)) > 0.90
    assert earned(level_of(task, "run_tests", solved, solved)) >= 0.95
    assert earned(level_of(task, "submit_solution", solved, handed_in)) >= 0.95
