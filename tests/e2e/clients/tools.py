"""Runs in OpenEnv 0.10.0's virtual environment: tools.py URL SOLUTION_TASK < solution > facts."""

import asyncio
import json
import sys

from openenv.core.mcp_client import MCPToolClient


async def main(url: str, task_id: str) -> None:
    """List the tools, repair with them and hand in, in the session the socket shares."""
    solution = sys.stdin.read()
    async with MCPToolClient(base_url=url, mode="production") as env:
        await env.reset(task_id=task_id, episode_id="tools-1")
        tools = await env.list_tools()
        edited = await env.call_tool("edit_code", code=solution)
        submitted = await env.call_tool("submit_solution")
        state = await env.state()
    facts = {
        "tools": [{"name": tool.name, "description": tool.description} for tool in tools],
        "edited": edited,
        "submitted": submitted,
        "state": state if isinstance(state, dict) else state.model_dump(),
    }
    json.dump(facts, sys.stdout)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
