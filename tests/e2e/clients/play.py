"""Runs in a virtual environment that holds one OpenEnv release and nothing of this project.

play.py STYLE URL < {"task id": "solution", ...} > [{"task_id": ..., "steps": [...], ...}, ...]
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from openenv import AutoEnv
from openenv.core import GenericEnvClient

Played = dict[str, Any]


def script_for(solution: str) -> list[dict[str, Any]]:
    """Give the actions of one episode: look, fail, repair, pass, hand in."""
    return [
        {"action_type": "analyze_code"},
        {"action_type": "run_tests"},
        {"action_type": "edit_code", "code": solution, "metadata": {"client": "play.py"}},
        {"action_type": "run_tests"},
        {"action_type": "submit_solution"},
    ]


def reset_options(task_id: str, label: str) -> dict[str, Any]:
    """Give what an episode is asked for with."""
    return {"task_id": task_id, "episode_id": f"{label}-{task_id}", "seed": 11}


def step_record(result: Any) -> Played:
    """Keep of a step's result what every client shows."""
    return {
        "observation": result.observation,
        "reward": result.reward,
        "done": result.done,
    }


async def episode(env: Any, task_id: str, solution: str, *, label: str) -> Played:
    """Play one episode with an asynchronous client."""
    first = await env.reset(**reset_options(task_id, label))
    steps = [step_record(await env.step(action)) for action in script_for(solution)]
    return {
        "task_id": task_id,
        "episode_id": f"{label}-{task_id}",
        "reset": step_record(first),
        "steps": steps,
        "state": await env.state(),
    }


async def play_async(url: str, solutions: dict[str, str]) -> list[Played]:
    """Play the episodes one after another on one socket."""
    async with GenericEnvClient(base_url=url) as env:
        return [await episode(env, task, code, label="async") for task, code in solutions.items()]


async def play_sync(url: str, solutions: dict[str, str]) -> list[Played]:
    """Play the episodes with the synchronous wrapper, off the loop."""
    return await asyncio.to_thread(_play_sync, url, solutions)


def _play_sync(url: str, solutions: dict[str, str]) -> list[Played]:
    played = []
    with GenericEnvClient(base_url=url).sync() as env:
        for task_id, solution in solutions.items():
            first = env.reset(**reset_options(task_id, "sync"))
            steps = [step_record(env.step(action)) for action in script_for(solution)]
            played.append(
                {
                    "task_id": task_id,
                    "episode_id": f"sync-{task_id}",
                    "reset": step_record(first),
                    "steps": steps,
                    "state": env.state(),
                }
            )
    return played


async def play_sessions(url: str, solutions: dict[str, str]) -> list[Played]:
    """Play all episodes at once, each on a session opened from the first client."""
    async with GenericEnvClient(base_url=url) as first:
        sessions = [await first.new_session() for _ in solutions]
        try:
            return await asyncio.gather(
                *(
                    episode(env, task_id, solution, label="session")
                    for env, (task_id, solution) in zip(sessions, solutions.items(), strict=True)
                )
            )
        finally:
            for env in sessions:
                await env.close()


async def play_auto(url: str, solutions: dict[str, str]) -> list[Played]:
    """Play with the client that AutoEnv picks for a running server."""
    env = await asyncio.to_thread(
        AutoEnv.from_env, "python-code-review-env", base_url=url, skip_install=True
    )
    async with env:
        return [await episode(env, task, code, label="auto") for task, code in solutions.items()]


STYLES: dict[str, Callable[[str, dict[str, str]], Awaitable[list[Played]]]] = {
    "async": play_async,
    "sync": play_sync,
    "new_session": play_sessions,
    "auto": play_auto,
}


async def main(style: str, url: str) -> None:
    """Play and print."""
    json.dump(await STYLES[style](url, json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
