"""`inference.py` against a chat-completions server that answers well, late, badly or not at all."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.chat_server import (
    ChatServer,
    Reply,
    chat_server,
    fails,
    hanging_chat_server,
    hangs_up,
    says,
    sends,
)
from tests.integration.env_server import CATALOGUE, EnvServer, env_server
from tests.integration.inference_process import Played, play

TASK = "bug_fix_session_windows"
REPAIR = CATALOGUE[TASK].reference
STARTER = CATALOGUE[TASK].starter
GOOD = says(f"```python\n{REPAIR}```")
KEY = "hf_very_secret_key_123"
FOUR_STEPS = ["run_tests", "edit_code", "run_tests", "submit_solution"]


@pytest.fixture
def env() -> Iterator[EnvServer]:
    with env_server() as server:
        yield server


def played(env: EnvServer, chat: ChatServer, *arguments: str, task: str = TASK) -> Played:
    return play(
        *("--env-url", env.url, "--task", task, *arguments),
        env={"API_BASE_URL": chat.base_url, "API_KEY": KEY, "MODEL_NAME": "m/one"},
    )


def test_a_model_repairs_in_four_steps_and_is_told_what_it_needs(env: EnvServer) -> None:
    with chat_server(GOOD) as chat:
        run = played(env, chat)

    (block,) = run.blocks
    assert (run.status, block.success, block.model) == (0, True, "m/one")
    assert block.actions == FOUR_STEPS
    (call,) = chat.calls
    assert call.path == "/v1/chat/completions"
    assert call.authorization == f"Bearer {KEY}"
    assert call.body["model"] == "m/one"
    assert call.body["max_tokens"] <= 1024
    assert STARTER.strip() in call.prompt
    assert "assert 6 == 7" in call.prompt


@pytest.mark.parametrize(
    "reply",
    [
        says(f"Sure! The window was dropped.\n\n```py\n{REPAIR}```\nHope that helps :)"),
        says(f"<think>Is it ```python\ndef no(): pass\n```?</think>\n```\n{REPAIR}```"),
        says(json.dumps({"action_type": "edit_code", "code": REPAIR})),
        says(f"Here you are: {json.dumps({'code': REPAIR})} Good luck!"),
        says(f"```json\n{json.dumps({'code': REPAIR})}\n```"),
        says(f"I fixed it:\n\n{REPAIR}\nThis closes the last window."),
        says(f"```python\n{REPAIR}", finish_reason="length"),
    ],
    ids=["prose", "thinking", "json", "json in prose", "json block", "bare", "cut at the fence"],
)
def test_code_is_found_in_whatever_stands_around_it(env: EnvServer, reply: Reply) -> None:
    with chat_server(reply) as chat:
        run = played(env, chat, "--fallback", "none")

    (block,) = run.blocks
    assert (run.status, block.success, block.actions) == (0, True, FOUR_STEPS)
    assert env.actions[1]["code"].strip() == REPAIR.strip()


@pytest.mark.parametrize(
    "trouble",
    [
        fails(429, "slow down", retry_after="0.2"),
        fails(500),
        fails(503),
        sends(b"<html>a proxy's page</html>", kind="text/html"),
        sends(b'{"choices": [', kind="application/json"),
        sends(b'{"choices": []}', kind="application/json"),
        sends(b'{"error": "overloaded"}', kind="application/json"),
        hangs_up(),
    ],
    ids=["429", "500", "503", "html", "half json", "no choice", "error as 200", "hangs up"],
)
def test_passing_trouble_is_asked_again(env: EnvServer, trouble: Reply) -> None:
    with chat_server(trouble, trouble, GOOD) as chat:
        run = played(env, chat, "--fallback", "none")

    (block,) = run.blocks
    assert (run.status, block.success, len(chat.calls)) == (0, True, 3)
    assert block.actions == FOUR_STEPS


def test_a_retry_waits_as_long_as_the_server_asks(env: EnvServer) -> None:
    with chat_server(fails(429, retry_after="1.5"), GOOD) as chat:
        played(env, chat)

    first, second = chat.calls
    assert second.at_s - first.at_s >= 1.5


def test_a_retry_beyond_the_time_budget_is_not_waited_for(env: EnvServer) -> None:
    with chat_server(fails(429, "come back tomorrow", retry_after="86400")) as chat:
        run = played(env, chat, "--timeout", "20")

    assert len(chat.calls) == 1
    assert "come back tomorrow" in run.stderr
    assert run.blocks[0].success


def test_retries_are_limited(env: EnvServer) -> None:
    with chat_server(fails(500, "always broken")) as chat:
        run = played(env, chat)

    assert 2 <= len(chat.calls) <= 4
    assert run.blocks[0].success
    assert "deterministic fallback" in run.stderr


def test_a_model_that_hangs_is_given_up_in_time_and_the_reference_plays_on(
    env: EnvServer,
) -> None:
    with hanging_chat_server() as chat:
        run = played(env, chat, "--timeout", "1")

    (block,) = run.blocks
    assert (run.status, block.success, block.actions) == (0, True, FOUR_STEPS)
    assert len(chat.calls) >= 1
    assert "the model failed: no answer within" in run.stderr
    assert "the task's local reference solution" in run.stderr


def test_a_model_that_hangs_once_is_asked_again(env: EnvServer) -> None:
    with hanging_chat_server(GOOD) as chat:
        run = played(env, chat, "--timeout", "4", "--fallback", "none")

    assert (run.status, run.blocks[0].success, len(chat.calls)) == (0, True, 2)


def test_without_fallback_a_model_that_hangs_breaks_the_episode(env: EnvServer) -> None:
    with hanging_chat_server() as chat:
        run = played(env, chat, "--timeout", "0.5", "--fallback", "none")

    (block,) = run.blocks
    assert (run.status, block.success, block.actions) == (1, False, ["run_tests"])


@pytest.mark.parametrize("empty", [says(""), says(None), says("I cannot help with that.")])
def test_an_answer_without_code_is_asked_for_again(env: EnvServer, empty: Reply) -> None:
    with chat_server(empty, GOOD) as chat:
        run = played(env, chat, "--fallback", "none")

    assert (run.status, run.blocks[0].success, len(chat.calls)) == (0, True, 2)
    assert "cannot be used" in chat.calls[1].prompt


def test_a_model_without_usable_answers_is_replaced_or_judged_as_it_is(env: EnvServer) -> None:
    with chat_server(says("no idea")) as chat:
        replaced = played(env, chat)
        judged = played(env, chat, "--fallback", "none")

    assert (replaced.status, replaced.blocks[0].success) == (0, True)
    assert "the model failed" in replaced.stderr
    assert (judged.status, judged.blocks[0].success) == (0, False)
    assert judged.blocks[0].actions == ["run_tests", "submit_solution"]


def test_an_answer_cut_short_is_asked_for_with_a_larger_budget(env: EnvServer) -> None:
    with chat_server(says("", finish_reason="length"), GOOD) as chat:
        run = played(env, chat, "--max-tokens", "64")

    assert run.blocks[0].success
    assert [call.body["max_tokens"] for call in chat.calls] == [64, 128]


def test_a_wrong_repair_is_followed_by_another_one_that_knows_of_it(env: EnvServer) -> None:
    wrong = says(f"```python\n{STARTER}\n# no better\n```")
    with chat_server(wrong, GOOD) as chat:
        run = played(env, chat)

    (block,) = run.blocks
    assert block.success
    assert block.actions == ["run_tests", "edit_code", "edit_code", "run_tests", "submit_solution"]
    assert "attempt 1: 0% of the public tests passed" in chat.calls[1].prompt
    assert "# no better" in chat.calls[1].prompt


def test_a_model_that_is_always_wrong_stops_in_time_and_is_judged(env: EnvServer) -> None:
    wrong = says(f"```python\n{STARTER}\n# no better\n```")
    with chat_server(wrong) as chat:
        run = played(env, chat)

    (block,) = run.blocks
    assert (run.status, block.success) == (0, False)
    assert block.actions[-1] == "submit_solution"
    assert len(chat.calls) == 3


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_model_that_can_never_answer_is_asked_once_in_a_run(env: EnvServer, status: int) -> None:
    with chat_server(fails(status, f"Incorrect API key provided: {KEY}")) as chat:
        run = play(
            *("--env-url", env.url),
            env={"API_BASE_URL": chat.base_url, "HF_TOKEN": KEY, "API_KEY": KEY},
        )

    assert (run.status, len(chat.calls)) == (0, 1)
    assert [block.success for block in run.blocks] == [True, True, True]
    assert [block.model for block in run.blocks][1:] == ["reference", "reference"]
    assert f"HTTP {status}" in run.stderr
    assert "[redacted]" in run.stderr
    assert KEY not in run.stderr + run.stdout


@pytest.mark.parametrize("refused", ["max_tokens", "temperature", "seed"])
def test_an_option_the_server_refuses_is_left_out(env: EnvServer, refused: str) -> None:
    with chat_server(fails(400, f"Unsupported: '{refused}'", param=refused), GOOD) as chat:
        run = played(env, chat, "--seed", "3", "--fallback", "none")

    first, second = chat.calls
    assert run.blocks[0].success
    assert refused in first.body
    assert refused not in second.body
    assert "max_completion_tokens" in second.body or refused != "max_tokens"


def test_nothing_listens_where_the_model_should_be(env: EnvServer) -> None:
    with chat_server(GOOD) as gone:
        base_url = gone.base_url

    run = play(
        *("--env-url", env.url, "--task", TASK, "--timeout", "3"), env={"API_BASE_URL": base_url}
    )

    assert run.blocks[0].success
    assert "no connection" in run.stderr


def test_without_a_key_the_fallback_plays_and_standard_error_says_so(env: EnvServer) -> None:
    run = play("--env-url", env.url)

    assert run.status == 0
    assert [block.success for block in run.blocks] == [True, True, True]
    assert {block.model for block in run.blocks} == {"reference"}
    assert "set HF_TOKEN" in run.stderr
    assert "No model plays" in run.stderr


def test_without_a_key_and_without_fallback_nothing_is_played(env: EnvServer) -> None:
    run = play("--env-url", env.url, "--fallback", "none")

    assert (run.status, run.stdout) == (2, "")
    assert "set HF_TOKEN" in run.stderr
    assert env.resets == []


def test_the_record_holds_what_was_said_and_done(env: EnvServer, tmp_path: Path) -> None:
    record = tmp_path / "trajectories.jsonl"
    with chat_server(GOOD) as chat:
        played(env, chat, "--output", str(record), "--seed", "5")

    (line,) = record.read_text().splitlines()
    episode = json.loads(line)
    assert (episode["task_id"], episode["model"], episode["seed"]) == (TASK, "m/one", 5)
    assert (episode["success"], episode["broken"]) == (True, "")
    assert episode["first_observation"]["current_code"] == STARTER
    assert [step["action"]["action_type"] for step in episode["steps"]] == FOUR_STEPS
    assert episode["steps"][1]["action"]["code"].strip() == REPAIR.strip()
    assert episode["steps"][1]["answers"][0]["completion_tokens"] == 7
    assert {step["actor"] for step in episode["steps"]} == {"model"}
    assert env.resets == [{"task_id": TASK, "seed": 5}]
    assert KEY not in line
