"""Laws every episode keeps, whatever its steps."""

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.episode import Episode, Invalid, Session, Turn
from gateway.episodes import HISTORY_STEPS, advance, begin, job_for, refuse, state_of
from gateway.store import remember
from gateway.wire import ActionType, PythonCodeReviewAction, RewardMode
from graders.grade import Grade
from graders.quality import analysis_grade
from graders.registry import GRADERS
from sandbox.exam import Analysis, ExamReport
from sandbox.limits import SOURCE_BYTES
from tasks.task import Task, TaskKind
from tests.property.grade_strategies import analyses, reports, tasks

Game = tuple[Task, list[tuple[PythonCodeReviewAction, Episode, Turn]]]

laws = settings(max_examples=60, deadline=None)
HIDDEN_MARK = "hidden-test-text"
REFERENCE_MARK = "reference-text"

actions = st.builds(
    PythonCodeReviewAction,
    action_type=st.sampled_from(get_args(ActionType)),
    code=st.none() | st.sampled_from(["", "a = 1\n", "b = 2\n", "#" * (SOURCE_BYTES + 1)]),
)
modes: st.SearchStrategy[RewardMode] = st.sampled_from(get_args(RewardMode))


def graded(task: Task, scope: str, analysis: Analysis, report: ExamReport) -> Grade:
    """Grade as the real graders do, with every text of a hidden test marked."""
    if scope == "analysis":
        return analysis_grade(analysis)
    records = tuple(
        replace(record, name=HIDDEN_MARK, message=HIDDEN_MARK, expected=HIDDEN_MARK)
        if record.hidden
        else record
        for record in report.tests
        if scope == "full" or not record.hidden
    )
    return GRADERS[task.kind].judge(
        task,
        scope="full" if scope == "full" else "public",
        analysis=analysis,
        report=replace(report, tests=records),
    )


@st.composite
def played(draw: st.DrawFn) -> Game:
    """Play an episode to its end, or for a while; give every step with what it left."""
    task = replace(
        draw(tasks()),
        max_steps=draw(st.integers(1, 30)),
        test_public="def test_shown(): ...\n",
        test_hidden=HIDDEN_MARK,
        reference=REFERENCE_MARK,
    )
    episode, turn = begin(task, episode_id="label", reward_mode=draw(modes), session_id="session")
    steps = [(PythonCodeReviewAction(action_type="run_tests"), episode, turn)]
    for number in range(draw(st.integers(1, 30))):
        if episode.done:
            break
        action = draw(actions)
        job = job_for(episode, action, job_id=f"session-{number}")
        if isinstance(job, Invalid):
            episode, turn = refuse(episode, action, task=task, invalid=job)
        else:
            grade = graded(task, job.scope, draw(analyses), draw(reports))
            episode, turn = advance(episode, action, task=task, grade=grade)
        steps.append((action, episode, turn))
    return task, steps


@laws
@given(played())
def test_every_step_counts_one_and_none_comes_after_the_last(
    game: Game,
) -> None:
    task, steps = game

    for number, (_, episode, turn) in enumerate(steps):
        assert episode.step_count == number <= task.max_steps
        assert turn.observation.attempts_remaining == task.max_steps - number
        assert turn.done == episode.done
        if number:
            over = episode.submitted or number == task.max_steps
            assert episode.done == over
            assert turn.reward is not None


@laws
@given(played())
def test_success_takes_a_submission_that_passed(
    game: Game,
) -> None:
    _, steps = game

    for action, episode, turn in steps[1:]:
        assert turn.observation.success == episode.success
        if episode.success:
            assert action.action_type == "submit_solution"
            assert episode.done
            assert "Hidden tests: 0" not in turn.observation.test_results or not any(
                test.status == "failed" for test in turn.observation.visible_tests
            )


@laws
@given(played())
def test_the_score_lies_between_0_and_1_and_deltas_add_up_to_it(
    game: Game,
) -> None:
    _, steps = game

    for _, episode, turn in steps:
        assert 0 <= turn.observation.score <= 1
        assert turn.observation.score == episode.potential.score
    if steps[0][1].reward_mode == "delta":
        total = sum(turn.reward or 0.0 for _, _, turn in steps)
        assert total == pytest.approx(steps[-1][2].observation.score, abs=1e-9)


@laws
@given(played())
def test_the_history_is_bounded_and_ends_with_the_step_just_taken(
    game: Game,
) -> None:
    _, steps = game

    for number, (action, _, turn) in enumerate(steps):
        history = turn.observation.history
        assert len(history) == min(number, HISTORY_STEPS)
        if number:
            assert history[-1].step == number
            assert history[-1].action_type == action.action_type
            assert history[-1].reward == turn.reward


@laws
@given(played())
def test_nothing_hidden_is_ever_observed(
    game: Game,
) -> None:
    _, steps = game

    for _, episode, turn in steps:
        seen = msgspec.json.encode([turn, state_of(episode, session_id="session")]).decode()
        assert HIDDEN_MARK not in seen
        assert REFERENCE_MARK not in seen


@laws
@given(played())
def test_only_edits_and_submissions_change_the_code(
    game: Game,
) -> None:
    _, steps = game
    code = steps[0][1].current_code

    for action, episode, turn in steps[1:]:
        valid = turn.observation.last_action_status == "ok"
        takes_code = action.action_type in {"edit_code", "submit_solution"}
        if valid and takes_code and action.code:
            code = action.code
        assert episode.current_code == turn.observation.current_code == code


@laws
@given(played())
def test_a_session_survives_being_written_down(
    game: Game,
) -> None:
    _, steps = game

    for _, episode, turn in steps:
        session = remember(
            Session(session_id="session", episode=episode), request_id="r", turn=turn, limit=4
        )
        written: Any = msgspec.msgpack.encode(session)
        assert msgspec.msgpack.decode(written, type=Session) == session


@laws
@given(tasks((TaskKind.OPTIMIZATION,)), analyses, reports, reports)
def test_a_second_timing_of_the_same_code_earns_nothing(
    task: Task, analysis: Analysis, first: ExamReport, second: ExamReport
) -> None:
    action = PythonCodeReviewAction(action_type="run_tests")
    task = replace(task, test_public="")
    second = replace(second, tests=first.tests, outcome=first.outcome, load_error=first.load_error)
    start, _ = begin(task, episode_id="e", reward_mode="delta", session_id="s")
    once, _ = advance(start, action, task=task, grade=graded(task, "public", analysis, first))

    twice, turn = advance(once, action, task=task, grade=graded(task, "public", analysis, second))

    assert turn.reward == 0
    assert twice.standing == once.standing


@laws
@given(tasks((TaskKind.OPTIMIZATION,)), analyses, reports, reports)
def test_a_slower_second_timing_of_the_same_code_is_no_regression_at_its_submission(
    task: Task, analysis: Analysis, first: ExamReport, second: ExamReport
) -> None:
    looked = PythonCodeReviewAction(action_type="run_tests")
    handed_in = PythonCodeReviewAction(action_type="submit_solution")
    task = replace(task, test_public="")
    again = replace(first, timing=second.timing)
    start, _ = begin(task, episode_id="e", reward_mode="level", session_id="s")
    once, before = advance(start, looked, task=task, grade=graded(task, "public", analysis, first))

    _, turn = advance(once, handed_in, task=task, grade=graded(task, "full", analysis, again))

    earned = turn.observation.reward_details.components
    assert earned.regression_penalty == 0
    assert earned.runtime_progress == (
        before.observation.reward_details.components.runtime_progress
    )
