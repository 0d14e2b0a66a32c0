"""What counts as lost, doubled or wrong."""

from typing import Any

import pytest
from msgspec.structs import replace

from gateway.wire import RewardComponents
from load.verdict import RUNTIME_TOLERANCE, Verdict, objections_to, verdict_of
from tests.unit.load.records_made import MAX_STEPS, RIGHT, episode, step, steps

TIMED = replace(RIGHT, is_timed=True)


def timed_steps(runtime: float) -> tuple[Any, ...]:
    components = RewardComponents(test_progress=0.5, runtime_progress=runtime)
    total = 0.5 + runtime
    return steps(components=components, reward=total, before_clamping=total, score=total)


def test_an_episode_as_it_must_be_is_clean() -> None:
    verdict = verdict_of(episode(), RIGHT, steps())

    assert verdict == Verdict()
    assert verdict.is_clean


def test_an_episode_that_did_not_end_is_lost_at_the_step_that_was_not_answered() -> None:
    cut_short = episode(steps=steps()[:2], loss="no answer within 75 s")

    verdict = verdict_of(cut_short, RIGHT, steps())

    assert verdict == Verdict(lost=("run_tests: no answer within 75 s",))


def test_a_step_that_acted_twice_is_told_once() -> None:
    twice = (step(0), *(step(n, attempts_remaining=MAX_STEPS - n - 2) for n in (1, 2)), steps()[3])
    twice = (*twice[:3], replace(twice[3], attempts_remaining=MAX_STEPS - 5))

    verdict = verdict_of(episode(steps=twice), RIGHT, steps())

    assert verdict == Verdict(doubled=("edit_code: 1 more steps were taken",))


def test_a_step_that_the_server_forgot_is_lost() -> None:
    forgotten = steps(attempts_remaining=MAX_STEPS - 3)

    verdict = verdict_of(episode(steps=forgotten), RIGHT, steps())

    assert verdict == Verdict(lost=("submit_solution: 1 steps were forgotten",))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reward", 0.76),
        ("before_clamping", 0.76),
        ("score", 0.76),
        ("success", False),
        ("done", False),
        ("invalid", True),
        ("components", RewardComponents(test_progress=0.5, completion=0.25, quality=0.01)),
    ],
)
def test_whatever_differs_is_wrong(field: str, value: Any) -> None:
    verdict = verdict_of(episode(steps=steps(**{field: value})), RIGHT, steps())

    name = "quality" if field == "components" else field
    assert len(verdict.wrong) == 1
    assert verdict.wrong[0].startswith(f"submit_solution: {name} is ")


def test_only_the_run_time_of_a_timed_task_may_differ_and_only_a_little() -> None:
    a_little, too_much = 0.2 - RUNTIME_TOLERANCE / 2, 0.2 - 2 * RUNTIME_TOLERANCE

    assert verdict_of(episode(steps=timed_steps(a_little)), TIMED, timed_steps(0.2)).is_clean
    assert verdict_of(episode(steps=timed_steps(too_much)), TIMED, timed_steps(0.2)).wrong
    assert verdict_of(episode(steps=timed_steps(a_little)), RIGHT, timed_steps(0.2)).wrong


def test_a_quiet_episode_of_a_solution_agrees_with_what_is_known() -> None:
    assert objections_to(episode(), RIGHT) == ()


@pytest.mark.parametrize(
    ("submission", "record"),
    [
        (replace(RIGHT, max_score=0.7), episode()),
        (replace(RIGHT, kind="hostile", is_solution=False), episode()),
        (RIGHT, episode(steps=steps(success=False))),
        (RIGHT, episode(steps=steps(components=RewardComponents(test_progress=0.75)))),
        (RIGHT, episode(steps=steps(before_clamping=0.7))),
        (RIGHT, episode(steps=steps(reward=0.7))),
        (RIGHT, episode(steps=steps(attempts_remaining=MAX_STEPS - 5))),
        (RIGHT, episode(steps=steps()[:3], loss="refused")),
    ],
)
def test_a_quiet_episode_that_contradicts_what_is_known_is_objected_to(
    submission: Any, record: Any
) -> None:
    assert objections_to(record, submission)
