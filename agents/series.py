"""All episodes of one run: against which server, with which model, in which order."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import cycle, islice
from pathlib import Path
from statistics import fmean

from agents.address import ServerAddress
from agents.asking import Model
from agents.cast import Cast
from agents.embedded import embedded_server
from agents.notices import Notices
from agents.options import Options
from agents.player import Assignment, Player
from agents.policies import NoReference
from agents.record import PlayedEpisode, RecordFile
from agents.settings import ModelSettings, server_environment, tasks_path
from agents.task_list import chosen_tasks, tasks_of
from agents.transcript import Transcript
from tasks.catalogue import BadTask, load


class Series:
    """Plays the episodes that the options ask for, some at a time."""

    def __init__(
        self,
        options: Options,
        *,
        environ: Mapping[str, str],
        model_settings: ModelSettings | None,
        notices: Notices,
    ) -> None:
        """Take what is asked for; `model_settings` is None when no model is to be asked."""
        self._options = options
        self._environ = environ
        self._model_settings = model_settings
        self._notices = notices

    async def play(self, transcript: Transcript) -> Sequence[PlayedEpisode]:
        """Play every episode and return them as they ended.

        Raises:
            EnvFault: If the server cannot be reached before the first episode.
            UnknownTask: If the options name a task or split that does not exist.
            BadSetting: If the record file cannot be written.
        """
        started_s = time.monotonic()
        async with self._server() as address, self._model() as model:
            assignments = await self._assignments(address)
            with RecordFile(self._options.output) as records:
                player = Player(
                    address=address,
                    cast=self._cast(model),
                    transcript=transcript,
                    records=records,
                    notices=self._notices,
                    max_steps=self._options.max_steps,
                    shows_score=self._options.shows_score,
                )
                played = await self._play_all(player, assignments)
        self._notices.say(_summary(played, duration_s=time.monotonic() - started_s))
        return played

    async def _play_all(
        self, player: Player, assignments: Sequence[Assignment]
    ) -> list[PlayedEpisode]:
        waiting = iter(assignments)
        played: list[PlayedEpisode] = []

        async def play_one_after_another(count: Callable[[], None]) -> None:
            for assignment in waiting:
                played.append(await player.play(assignment))
                count()

        with self._notices.progress(len(assignments)) as count:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self._options.concurrency, len(assignments))):
                    group.create_task(play_one_after_another(count))
        return played

    async def _assignments(self, address: ServerAddress) -> list[Assignment]:
        options = self._options
        tasks = chosen_tasks(await tasks_of(address), wanted=options.tasks, split=options.split)
        return [
            Assignment(
                place=place,
                task_id=task_id,
                seed=None if options.seed is None else options.seed + place,
            )
            for place, task_id in enumerate(islice(cycle(tasks), options.episodes or len(tasks)))
        ]

    def _cast(self, model: Model | None) -> Cast:
        return Cast(
            policy=self._options.policy,
            fallback=self._options.fallback,
            model=model,
            model_name="" if self._model_settings is None else self._model_settings.name,
            max_tokens=self._options.max_tokens,
            read_references=lambda: _references(tasks_path(self._environ)),
        )

    @asynccontextmanager
    async def _server(self) -> AsyncIterator[ServerAddress]:
        if self._options.env_url:
            yield ServerAddress.parse(self._options.env_url)
            return
        environ = server_environment(self._environ, max_sessions=self._options.concurrency)
        async with embedded_server(environ) as address:
            yield address

    @asynccontextmanager
    async def _model(self) -> AsyncIterator[Model | None]:
        if self._model_settings is None:
            yield None
            return
        # The client takes most of a second to import; runs without a model go without it.
        from agents.chat_model import ChatModel  # noqa: PLC0415

        async with ChatModel(
            self._model_settings,
            temperature=self._options.temperature,
            timeout_s=self._options.timeout_s,
            seed=self._options.seed,
        ) as model:
            yield model


def _references(extra_folders: str) -> Mapping[str, str]:
    folders = [Path(folder) for folder in extra_folders.split(os.pathsep) if folder]
    try:
        return {task_id: task.reference for task_id, task in load(folders).items()}
    except BadTask as error:
        raise NoReference(f"the local catalogue cannot be read: {error}") from error


def _summary(played: Sequence[PlayedEpisode], *, duration_s: float) -> str:
    solved = sum(episode.success for episode in played)
    broken = sum(bool(episode.broken) for episode in played)
    score = fmean(episode.score for episode in played)
    return (
        f"episodes played: {len(played)} in {duration_s:.1f} s: {solved} solved, {broken} broken, "
        f"mean score {score:.3f}"
    )
