"""OpenEnv's own clients, each release in its own virtual environment, play whole episodes."""

import json
import subprocess
from typing import Any

import pytest

from tests.e2e.conftest import CLIENT_INSTALLED_WITHIN_S, RELEASES, TASK_IDS, ClientPython
from tests.e2e.live import LiveServer
from tests.tree import ROOT

pytestmark = pytest.mark.timeout(CLIENT_INSTALLED_WITHIN_S)

CLIENTS = ROOT / "tests" / "e2e" / "clients"
PLAY_DEADLINE_S = 120.0


def run_client(python: ClientPython, release: str, *argv: str, stdin: str) -> Any:
    """Run one of the client scripts in a release's environment and read its answer."""
    done = subprocess.run(
        [python(release), "-W", "ignore", *argv],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PLAY_DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("release", "style"),
    [
        ("openenv-0.10.0", "async"),
        ("openenv-0.10.0", "sync"),
        ("openenv-0.10.0", "new_session"),
        ("openenv-0.10.0", "auto"),
        ("openenv-core-0.3.0", "async"),
        ("openenv-core-0.3.0", "sync"),
        ("openenv-core-0.3.0", "auto"),
    ],
)
def test_a_released_client_repairs_every_task(
    release: str,
    style: str,
    client_python: ClientPython,
    simulation_server: LiveServer,
    references: dict[str, str],
) -> None:
    script = str(CLIENTS / "play.py")

    episodes = run_client(
        client_python,
        release,
        script,
        style,
        simulation_server.url,
        stdin=json.dumps(references),
    )

    assert [played["task_id"] for played in episodes] == list(TASK_IDS)
    for played in episodes:
        assert_repaired(played)


def assert_repaired(played: dict[str, Any]) -> None:
    """Check one episode of clients/play.py from reset to the state after the last step."""
    reset, steps, state = played["reset"], played["steps"], played["state"]
    _, failing, edited, passing, submitted = steps
    observed = submitted["observation"]

    assert reset["observation"]["task_id"] == played["task_id"]
    assert reset["done"] is False
    assert [step["done"] for step in steps] == [False, False, False, False, True]
    assert all(0.01 <= step["reward"] <= 0.99 for step in steps)
    assert failing["reward"] < edited["reward"]
    assert failing["reward"] < passing["reward"]
    assert submitted["reward"] >= 0.9
    assert observed["score"] >= 0.9
    assert {test["passed"] for test in observed["visible_tests"]} == {True}
    assert observed["last_action_error"] is None
    assert len(observed["history"]) == len(steps)
    assert state["episode_id"] == played["episode_id"]
    assert state["step_count"] == len(steps)


def test_the_tool_client_works_on_the_session_its_socket_is_attached_to(
    client_python: ClientPython, simulation_server: LiveServer, references: dict[str, str]
) -> None:
    task_id = TASK_IDS[0]

    facts = run_client(
        client_python,
        "openenv-0.10.0",
        str(CLIENTS / "tools.py"),
        simulation_server.url,
        task_id,
        stdin=references[task_id],
    )

    names = {tool["name"] for tool in facts["tools"]}
    assert names == {"analyze_code", "edit_code", "run_tests", "submit_solution"}
    assert all(tool["description"] for tool in facts["tools"])
    assert facts["state"]["episode_id"] == "tools-1"
    assert facts["state"]["step_count"] == 2


@pytest.mark.parametrize("release", RELEASES)
def test_a_refused_frame_reaches_the_caller_with_its_reason(
    release: str, client_python: ClientPython, simulation_server: LiveServer
) -> None:
    asked = """
import asyncio, json, sys
from openenv.core import GenericEnvClient

async def main():
    async with GenericEnvClient(base_url=sys.argv[1]) as env:
        await env.reset()
        try:
            await env.step({"action_type": "fly"})
        except RuntimeError as refusal:
            said = str(refusal)
        later = await env.step({"action_type": "analyze_code"})
        json.dump({"said": said, "later": later.done}, sys.stdout)

asyncio.run(main())
"""

    answer = run_client(client_python, release, "-c", asked, simulation_server.url, stdin="")

    assert "VALIDATION_ERROR" in answer["said"]
    assert answer["later"] is False
