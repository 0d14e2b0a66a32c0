"""Runs in OpenEnv 0.10.0's virtual environment: container.py IMAGE TASK < solution > last step."""

import json
import sys

from openenv.core import GenericEnvClient


def main(image: str, task_id: str) -> None:
    """Start the image as OpenEnv does, solve one task, stop the container."""
    solution = sys.stdin.read()
    env = GenericEnvClient.from_docker_image(image).sync()
    try:
        env.reset(task_id=task_id)
        last = env.step({"action_type": "submit_solution", "code": solution})
    finally:
        env.close()
    json.dump({"reward": last.reward, "done": last.done}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
