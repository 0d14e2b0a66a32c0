import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.transcript import Transcript, end_line, start_line, step_line, two_decimals
from tests.integration.inference_process import END, START, STEP


def test_the_three_lines_are_the_contracts_to_the_letter() -> None:
    lines = [
        start_line(task_id="t1", model="Qwen/Qwen2.5-3B-Instruct"),
        step_line(step=1, action="run_tests", reward=0.125, done=False, error=""),
        step_line(step=2, action="submit_solution", reward=1, done=True, error="a\n b"),
        end_line(success=True, rewards=[0.125, 1]),
        end_line(success=False, rewards=[]),
        end_line(success=False, rewards=[0.5], score=0.98765),
    ]

    assert lines == [
        "[START] task=t1 env=python_code_review_env model=Qwen/Qwen2.5-3B-Instruct",
        "[STEP] step=1 action=run_tests reward=0.12 done=false error=null",
        "[STEP] step=2 action=submit_solution reward=1.00 done=true error=a b",
        "[END] success=true steps=2 rewards=0.12,1.00",
        "[END] success=false steps=0 rewards=",
        "[END] success=false steps=1 score=0.988 rewards=0.50",
    ]


@pytest.mark.parametrize(
    ("reward", "written"),
    [(-0.001, "0.00"), (-0.0, "0.00"), (-0.256, "-0.26"), (math.nan, "0.00"), (None, "0.00")],
)
def test_a_reward_is_never_minus_zero_nor_nan(reward: float | None, written: str) -> None:
    assert two_decimals(reward) == written


@pytest.mark.parametrize("reward", [None, math.nan, math.inf, -math.inf])
def test_a_reward_that_is_no_number_is_named_as_the_error_unless_there_is_one(
    reward: float | None,
) -> None:
    named = step_line(step=1, action="a", reward=reward, done=False, error="")
    kept = step_line(step=1, action="a", reward=reward, done=False, error="first")

    assert named.endswith("reward=0.00 done=false error=the reward was not a finite number")
    assert kept.endswith("reward=0.00 done=false error=first")


@given(st.text(), st.text(), st.floats() | st.none(), st.text(), st.booleans())
def test_any_texts_and_numbers_stay_within_the_contract(
    task_id: str, model: str, reward: float | None, error: str, done: bool
) -> None:
    start = start_line(task_id=task_id, model=model)
    step = step_line(step=3, action=model, reward=reward, done=done, error=error)
    end = end_line(success=done, rewards=[reward, reward], score=reward)

    assert START.fullmatch(start)
    assert STEP.fullmatch(step)
    assert END.fullmatch(end)
    assert all(len(line.splitlines()) == 1 for line in (start, step, end))


@given(st.permutations(range(5)))
def test_blocks_come_whole_and_in_order_however_they_end(order: list[int]) -> None:
    written: list[str] = []
    transcript = Transcript(written.append, streams=False)

    for place in range(5):
        transcript.add(place, f"start {place}")
    for place in order:
        transcript.add(place, f"end {place}")
        transcript.close(place)

    expected = [[f"start {place}", f"end {place}"] for place in range(5)]
    assert written == [line for block in expected for line in block]


def test_a_streaming_transcript_writes_at_once() -> None:
    written: list[str] = []
    transcript = Transcript(written.append, streams=True)

    transcript.add(0, "a")

    assert written == ["a"]
