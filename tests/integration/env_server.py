"""A small environment server that speaks the documented frames, and misbehaves where told to.

It judges by comparing text with the local reference, so what it says of a repair is not a grade;
it is here for the client's sake: what it sends, in which order, and what goes wrong on the way.
"""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tasks.catalogue import load

CATALOGUE = load()
TASK_IDS = tuple(CATALOGUE)
MAX_STEPS = 10


@dataclass(kw_only=True)
class Conduct:
    """How the server behaves. Steps count from 1 in each episode."""

    full_for: int = 0
    """How many sockets are refused for want of room."""
    faults_before_step: dict[int, int] = field(default_factory=dict)
    """How often a step is answered with a fault that costs no step."""
    hangs_up_at_step: int | None = None
    answers_late_s: dict[str, float] = field(default_factory=dict)
    """Task id: how late each step is answered, seconds."""
    waits_at_step: int | None = None
    """The step that is answered only when the server ends."""
    answers_instead: str | None = None
    """A frame sent for an observation."""
    hides_last_reward: bool = False
    error_at_step: dict[int, str] = field(default_factory=dict)
    task_list: str | None = None
    """What /tasks answers instead of the list."""


@dataclass(kw_only=True)
class Episode:
    """One socket's state."""

    task_id: str = ""
    code: str = ""
    steps: int = 0
    ran: bool = False
    submitted: bool = False
    history: list[dict[str, Any]] = field(default_factory=list)

    @property
    def solved(self) -> bool:
        return self.code.strip() == CATALOGUE[self.task_id].reference.strip()

    def act(self, action: dict[str, Any]) -> float:
        self.steps += 1
        kind = action["action_type"]
        if action.get("code") is not None and kind in {"edit_code", "submit_solution"}:
            self.code = action["code"]
        self.ran = self.ran or kind != "analyze_code"
        self.submitted = kind == "submit_solution"
        return 0.97 if self.solved else 0.11

    def observation(self, *, error: str | None) -> dict[str, Any]:
        task = CATALOGUE[self.task_id]
        status = "not_run" if not self.ran else "passed" if self.solved else "failed"
        return {
            "task_id": task.id,
            "title": task.title,
            "difficulty": task.difficulty.value,
            "task_kind": task.kind.value,
            "task_description": task.instruction,
            "current_code": self.code,
            "errors": "",
            "test_results": f"public tests: {status}",
            "visible_tests": [
                {
                    "name": "test_totals",
                    "status": status,
                    "passed": status == "passed",
                    "message": "" if self.solved else "assert 6 == 7",
                    "call": "f([1, 2, 3])",
                }
            ],
            "public_tests": task.test_public,
            "analysis": None,
            "history": self.history,
            "attempts_remaining": MAX_STEPS - self.steps,
            "last_action_status": "ready" if self.steps == 0 else "ok",
            "last_action_error": error,
            "score": 0.97 if self.solved else 0.3,
            "reward_details": {
                "mode": "level",
                "components": {},
                "before_clamping": 0.5,
                "reward": 0.5,
            },
            "submitted": self.submitted,
            "success": self.submitted and self.solved,
            "metadata": {},
            "a_field_of_the_future": 1,
        }


class EnvServer:
    """Runs in a thread of its own, on a free loopback port."""

    def __init__(self, conduct: Conduct) -> None:
        self.conduct = conduct
        self.url = ""
        self.resets: list[dict[str, Any]] = []
        self.actions: list[dict[str, Any]] = []
        self.closed = threading.Event()
        self.waiting = threading.Event()
        """Set when a step waits that will not be answered."""
        self._refused = 0
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()

    @contextmanager
    def running(self) -> Iterator["EnvServer"]:
        thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        thread.start()
        assert self._ready.wait(10)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._ended.set)
            thread.join()
            self._loop.close()

    async def _serve(self) -> None:
        async with serve(
            self._play, "127.0.0.1", 0, process_request=self._answer_http, close_timeout=0.2
        ) as server:
            self.url = f"http://127.0.0.1:{port_of(server)}"
            self._ready.set()
            await self._ended.wait()

    def _answer_http(self, socket: ServerConnection, request: Request) -> Response | None:
        if request.path == "/ws":
            return None
        if request.path != "/tasks":
            return socket.respond(HTTPStatus.NOT_FOUND, "{}")
        listed = [{"id": task.id, "split": task.split} for task in CATALOGUE.values()]
        return socket.respond(
            HTTPStatus.OK, self.conduct.task_list or json.dumps({"tasks": listed})
        )

    async def _play(self, socket: ServerConnection) -> None:
        if self._refused < self.conduct.full_for:
            self._refused += 1
            await socket.send(error("CAPACITY_REACHED", "Server at capacity: 2/2 sessions active."))
            return
        episode = Episode()
        try:
            async for text in socket:
                frame = json.loads(text)
                if frame["type"] == "close":
                    break
                answer = await self._answer(episode, frame)
                if answer is None:
                    await socket.close(1011)
                    break
                await socket.send(answer)
        except ConnectionClosed:
            pass
        self.closed.set()

    async def _answer(self, episode: Episode, frame: dict[str, Any]) -> str | None:
        if self.conduct.answers_instead is not None:
            return self.conduct.answers_instead
        if frame["type"] == "reset":
            return self._reset(episode, frame["data"])
        step = episode.steps + 1
        if step == self.conduct.hangs_up_at_step:
            return None
        if self.conduct.faults_before_step.get(step, 0) > 0:
            self.conduct.faults_before_step[step] -= 1
            return error("EXECUTION_ERROR", "grading failed; the step was not counted")
        if step == self.conduct.waits_at_step:
            self.waiting.set()
            await self._ended.wait()
        await asyncio.sleep(self.conduct.answers_late_s.get(episode.task_id, 0))
        self.actions.append({"task_id": episode.task_id, **frame["data"]})
        reward: float | None = episode.act(frame["data"])
        if episode.submitted and self.conduct.hides_last_reward:
            reward = None
        done = episode.submitted or episode.steps == MAX_STEPS
        return observed(
            episode, reward=reward, done=done, error=self.conduct.error_at_step.get(step)
        )

    def _reset(self, episode: Episode, wanted: dict[str, Any]) -> str:
        self.resets.append(wanted)
        if wanted["task_id"] not in CATALOGUE:
            return error("EXECUTION_ERROR", f"no task {wanted['task_id']!r}")
        episode.__init__(  # type: ignore[misc]  # a reset starts over
            task_id=wanted["task_id"], code=CATALOGUE[wanted["task_id"]].starter
        )
        return observed(episode, reward=None, done=False, error=None)


def observed(episode: Episode, *, reward: float | None, done: bool, error: str | None) -> str:
    content = {
        "observation": episode.observation(error=error),
        "reward": reward,
        "done": done,
        "metadata": {"k": "v"},
    }
    return json.dumps({"type": "observation", "data": content})


def error(code: str, message: str) -> str:
    return json.dumps({"type": "error", "data": {"message": message, "code": code}})


def port_of(server: Server) -> int:
    return int(next(iter(server.sockets)).getsockname()[1])


@contextmanager
def env_server(**conduct: Any) -> Iterator[EnvServer]:
    with EnvServer(Conduct(**conduct)).running() as server:
        yield server
