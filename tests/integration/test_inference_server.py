"""`inference.py` against environment servers that are full, broken, gone or somebody else's."""

import json
from pathlib import Path

import pytest

from tests.integration.env_server import TASK_IDS, env_server
from tests.integration.inference_process import play

FOUR_STEPS = ["run_tests", "edit_code", "run_tests", "submit_solution"]


def test_every_task_is_played_in_the_servers_order() -> None:
    with env_server() as server:
        run = play("--env-url", server.url, "--policy", "reference")

    assert run.status == 0
    assert [block.task_id for block in run.blocks] == list(TASK_IDS)
    assert [block.actions for block in run.blocks] == [FOUR_STEPS] * 3
    assert "3 solved" in run.stderr


def test_doing_nothing_is_a_policy_of_its_own() -> None:
    with env_server() as server:
        run = play("--env-url", server.url, "--policy", "noop", "--score-field")

    assert run.status == 0
    assert [block.actions for block in run.blocks] == [["submit_solution"]] * 3
    assert [block.success for block in run.blocks] == [False] * 3
    assert [block.score for block in run.blocks] == ["0.300"] * 3
    assert all("code" not in action or action["code"] is None for action in server.actions)


def test_whole_blocks_come_in_task_order_though_the_first_task_is_the_slowest() -> None:
    with env_server(answers_late_s={TASK_IDS[0]: 0.2}) as server:
        run = play(
            *("--env-url", server.url, "--policy", "reference"),
            *("--episodes", "7", "--concurrency", "4", "--seed", "10"),
        )

    expected = [TASK_IDS[place % 3] for place in range(7)]
    assert run.status == 0
    assert [block.task_id for block in run.blocks] == expected
    assert sorted(reset["seed"] for reset in server.resets) == list(range(10, 17))
    assert server.actions[0]["task_id"] != TASK_IDS[0]


def test_tasks_are_played_as_named_and_may_repeat() -> None:
    with env_server() as server:
        run = play(
            *("--env-url", server.url, "--policy", "noop"),
            *("--task", TASK_IDS[2], "--task", TASK_IDS[0], "--episodes", "3"),
        )

    assert [block.task_id for block in run.blocks] == [TASK_IDS[2], TASK_IDS[0], TASK_IDS[2]]


@pytest.mark.parametrize(
    ("max_steps", "actions"),
    [
        ("1", ["submit_solution"]),
        ("2", ["edit_code", "submit_solution"]),
        ("3", ["run_tests", "edit_code", "submit_solution"]),
        ("4", FOUR_STEPS),
    ],
)
def test_an_episode_is_handed_in_within_the_steps_allowed(
    max_steps: str, actions: list[str]
) -> None:
    with env_server() as server:
        run = play(
            *("--env-url", server.url, "--policy", "reference"),
            *("--task", TASK_IDS[0], "--max-steps", max_steps),
        )

    (block,) = run.blocks
    assert (block.actions, block.success) == (actions, True)


@pytest.mark.parametrize(
    "wrong", [("--task", "nonsense"), ("--split", "nonsense")], ids=["task", "split"]
)
def test_what_does_not_exist_is_a_mistake_that_lists_what_does(wrong: tuple[str, str]) -> None:
    with env_server() as server:
        run = play("--env-url", server.url, *wrong)

    assert (run.status, run.stdout) == (2, "")
    assert "nonsense" in run.stderr
    assert TASK_IDS[0] in run.stderr or "train" in run.stderr


def test_a_split_is_played_as_a_whole() -> None:
    with env_server() as server:
        run = play("--env-url", server.url, "--split", "train", "--policy", "noop")

    assert [block.task_id for block in run.blocks] == list(TASK_IDS)


def test_a_full_server_is_asked_again() -> None:
    with env_server(full_for=2) as server:
        run = play("--env-url", server.url, "--task", TASK_IDS[0])

    assert (run.status, run.blocks[0].success) == (0, True)


def test_a_server_that_stays_full_breaks_the_episode_but_not_the_transcript() -> None:
    with env_server(full_for=99) as server:
        run = play("--env-url", server.url, "--task", TASK_IDS[0])

    (block,) = run.blocks
    assert (run.status, block.success, block.steps) == (1, False, ())
    assert run.stdout.endswith("[END] success=false steps=0 rewards=\n")
    assert "Server at capacity" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_fault_that_costs_no_step_is_asked_again() -> None:
    with env_server(faults_before_step={2: 2}) as server:
        run = play("--env-url", server.url, "--task", TASK_IDS[0])

    (block,) = run.blocks
    assert (run.status, block.success, block.actions) == (0, True, FOUR_STEPS)


def test_a_server_that_hangs_up_leaves_the_steps_it_answered() -> None:
    with env_server(hangs_up_at_step=3) as server:
        run = play("--env-url", server.url, "--task", TASK_IDS[0])

    (block,) = run.blocks
    assert (run.status, block.success) == (1, False)
    assert block.actions == ["run_tests", "edit_code"]
    assert "closed the socket" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    "frame",
    ["not json", '{"type":"state","data":{}}', '{"type":"observation","data":{}}', "[1]"],
    ids=["no json", "another frame", "no observation", "a list"],
)
def test_a_server_that_speaks_otherwise_breaks_the_episode(frame: str) -> None:
    with env_server(answers_instead=frame) as server:
        run = play("--env-url", server.url, "--task", TASK_IDS[0])

    assert run.status == 1
    assert run.stdout.endswith("[END] success=false steps=0 rewards=\n")
    assert "no observation of this environment" in run.stderr
    assert "Traceback" not in run.stderr


def test_one_broken_episode_does_not_take_the_others_with_it() -> None:
    with env_server(full_for=4) as server:
        run = play("--env-url", server.url, "--policy", "reference")

    assert run.status == 1
    assert [block.success for block in run.blocks] == [False, True, True]


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "ws://127.0.0.1:1/"])
def test_a_server_that_is_not_there_is_said_in_one_line(address: str) -> None:
    run = play("--env-url", address)

    assert (run.status, run.stdout) == (1, "")
    assert "cannot reach http://127.0.0.1:1" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("task_list", ["<html>", "{}", "[]"])
def test_a_server_without_tasks_is_no_server_to_play_against(task_list: str) -> None:
    with env_server(task_list=task_list) as server:
        run = play("--env-url", server.url)

    assert run.status in {1, 2}
    assert run.stdout == ""
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        ("--episodes", "0"),
        ("--concurrency", "-1"),
        ("--max-steps", "x"),
        ("--temperature", "9"),
        ("--timeout", "0"),
        ("--policy", "magic"),
        ("--env-url", "ftp://x"),
        ("--nonsense",),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_is_told_and_plays_nothing(wrong: tuple[str, ...]) -> None:
    run = play(*wrong)

    assert (run.status, run.stdout) == (2, "")
    assert "Traceback" not in run.stderr


def test_a_record_that_cannot_be_written_is_told_before_anything_is_played(
    tmp_path: Path,
) -> None:
    with env_server() as server:
        run = play("--env-url", server.url, "--output", str(tmp_path / "no" / "where.jsonl"))

    assert (run.status, run.stdout, server.resets) == (2, "", [])
    assert "--output cannot be written" in run.stderr


def test_a_record_that_is_lost_on_the_way_is_told() -> None:
    with env_server() as server:
        run = play("--env-url", server.url, "--output", "/dev/full", "--policy", "noop")

    assert run.status == 1
    assert len(run.blocks) == 3
    assert "the episode is not recorded: " in run.stderr
    assert "Traceback" not in run.stderr


def test_a_reward_that_is_no_number_is_0_and_an_error() -> None:
    with env_server(hides_last_reward=True) as server:
        run = play("--env-url", server.url, "--task", TASK_IDS[0])

    last = run.blocks[0].steps[-1]
    assert (last.reward, last.error) == ("0.00", "the reward was not a finite number")


def test_an_error_of_several_lines_stays_on_one_and_holds_no_key() -> None:
    with env_server(error_at_step={2: "no code:\n\tsend `code`; hf_secret a=b  c\r\n"}) as server:
        run = play(
            *("--env-url", server.url, "--task", TASK_IDS[0], "--policy", "reference"),
            env={"HF_TOKEN": "hf_secret"},
        )

    assert run.blocks[0].steps[1].error == "no code: send `code`; [redacted] a=b c"


def test_the_record_holds_an_episode_that_broke(tmp_path: Path) -> None:
    record = tmp_path / "trajectories.jsonl"
    with env_server(hangs_up_at_step=2) as server:
        play("--env-url", server.url, "--task", TASK_IDS[0], "--output", str(record))

    episode = json.loads(record.read_text())
    assert "closed the socket" in episode["broken"]
    assert [step["actor"] for step in episode["steps"]] == ["reference"]
