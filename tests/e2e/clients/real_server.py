"""Runs in OpenEnv 0.10.0's virtual environment: its own server, with actions shaped as ours.

real_server.py PORT MAX_CONCURRENT_ENVS
"""

import sys
from typing import Any, Literal

import uvicorn
from openenv.core.env_server.http_server import create_app
from openenv.core.env_server.interfaces import Environment
from openenv.core.env_server.types import Action, Observation, State


class PythonCodeReviewAction(Action):  # type: ignore[misc] # untyped where this is checked
    """The four actions, as OpenEnv's authors would declare them."""

    action_type: Literal["analyze_code", "edit_code", "run_tests", "submit_solution"]
    code: str | None = None


class CountingEnvironment(Environment):  # type: ignore[misc] # untyped where this is checked
    """Counts steps; what it is judged by here is only the server around it."""

    SUPPORTS_CONCURRENT_SESSIONS = True

    def __init__(self) -> None:
        super().__init__()
        self._state = State()

    def reset(
        self, seed: int | None = None, episode_id: str | None = None, **_: Any
    ) -> Observation:
        """Begin again."""
        self._state = State(episode_id=episode_id, step_count=0)
        return Observation(done=False, reward=None)

    def step(
        self, action: PythonCodeReviewAction, timeout_s: float | None = None, **_: Any
    ) -> Observation:
        """Count."""
        self._state.step_count += 1
        return Observation(done=action.action_type == "submit_solution", reward=0.5)

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._state


if __name__ == "__main__":
    uvicorn.run(
        create_app(
            CountingEnvironment,
            PythonCodeReviewAction,
            Observation,
            env_name="python_code_review_env",
            max_concurrent_envs=int(sys.argv[2]),
        ),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        access_log=False,
    )
