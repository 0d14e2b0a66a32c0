"""One run of `inference.py`: from its options to its exit status."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import cycle, islice
from pathlib import Path
from statistics import fmean
from typing import Final
from urllib.parse import urlsplit

from agents.address import ServerAddress
from agents.asking import Model
from agents.cast import Cast
from agents.embedded import embedded_server
from agents.env_session import EnvFault
from agents.halt import Halt
from agents.notices import Notices, redaction_of
from agents.options import Options
from agents.player import Assignment, Player
from agents.policies import NoReference
from agents.record import PlayedEpisode, RecordFile
from agents.settings import (
    BadSetting,
    ModelSettings,
    read_environment,
    read_model_settings,
    secrets_in,
    server_environment,
    tasks_path,
)
from agents.task_list import UnknownTask, chosen_tasks, tasks_of
from agents.transcript import Transcript
from tasks.catalogue import BadTask, load

PLAYED: Final = 0
BROKEN: Final = 1
USAGE: Final = 2


def run(options: Options, write_line: Callable[[str], None]) -> int:
    """Play what the options ask for and return the exit status.

    Args:
        options: What to play, against which server, and who plays.
        write_line: Writes one line to standard output.
    """
    environ = read_environment()
    urls = (options.env_url, environ.get("API_BASE_URL", ""))
    notices = Notices(redaction_of((*secrets_in(environ), *_passwords_in(urls))))
    try:
        settings = read_model_settings(environ, model=options.model)
        has_model = _has_model(options, settings, notices)
        return asyncio.run(
            Run(options, environ=environ, notices=notices).play(
                settings if has_model else None, write_line
            )
        )
    except (BadSetting, UnknownTask) as error:
        notices.say(f"inference.py: {error}")
        return USAGE
    except EnvFault as fault:
        notices.say(f"inference.py: {fault}")
        return BROKEN


class Run:
    """Everything of one run that is not the model's."""

    def __init__(self, options: Options, *, environ: Mapping[str, str], notices: Notices) -> None:
        """Take what the run is asked for, the environment, and where people are told."""
        self._options = options
        self._environ = environ
        self._notices = notices
        self._halt = Halt()

    async def play(self, settings: ModelSettings | None, write_line: Callable[[str], None]) -> int:
        """Play until the end or a signal, and return the exit status.

        Args:
            settings: How to reach the model, or None when none is to be asked.
            write_line: Writes one line to standard output, or raises OSError.

        Raises:
            EnvFault: If the server cannot be reached before the first episode.
            UnknownTask: If the options name a task or split that does not exist.
            BadSetting: If the record file cannot be written.
        """

        def write(line: str) -> None:
            try:
                with self._notices.bar_hidden():
                    write_line(line)
            except OSError as error:
                self._notices.say_once(f"inference.py: nobody reads standard output: {error}")
                self._halt.stop(BROKEN)

        transcript = Transcript(write, streams=self._options.concurrency == 1)

        async def play_to_the_end() -> int:
            try:
                return await self._play(settings, transcript)
            finally:
                transcript.finish()

        return await self._halt.over(play_to_the_end)

    async def _play(self, settings: ModelSettings | None, transcript: Transcript) -> int:
        started_s = time.monotonic()
        async with self._server() as address, self._model(settings) as model:
            assignments = await self._assignments(address)
            with RecordFile(self._options.output) as records:
                player = Player(
                    address=address,
                    cast=self._cast(model, settings),
                    transcript=transcript,
                    records=records,
                    notices=self._notices,
                    max_steps=self._options.max_steps,
                    shows_score=self._options.shows_score,
                )
                played = await self._play_all(player, assignments)
        self._notices.say(_summary(played, duration_s=time.monotonic() - started_s))
        return BROKEN if any(episode.broken for episode in played) else PLAYED

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

    def _cast(self, model: Model | None, settings: ModelSettings | None) -> Cast:
        return Cast(
            policy=self._options.policy,
            fallback=self._options.fallback,
            model=model,
            model_name="" if settings is None else settings.name,
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
    async def _model(self, settings: ModelSettings | None) -> AsyncIterator[Model | None]:
        if settings is None:
            yield None
            return
        # The client takes most of a second to import; runs without a model go without it.
        from agents.chat_model import ChatModel  # noqa: PLC0415

        async with ChatModel(
            settings,
            temperature=self._options.temperature,
            timeout_s=self._options.timeout_s,
            seed=self._options.seed,
        ) as model:
            yield model


def _has_model(options: Options, settings: ModelSettings, notices: Notices) -> bool:
    """Say whether there is a model to ask; tell people when a key is missing."""
    if options.policy != "llm":
        return False
    if settings.key:
        return True
    host = urlsplit(settings.base_url).hostname
    missing = f"no key for {host}: set {settings.key_wanted}"
    if options.fallback == "none":
        raise BadSetting(f"{missing}, or allow --fallback reference")
    notices.say(
        f"inference.py: {missing}. No model plays: the deterministic fallback applies the tasks' "
        "local reference solutions."
    )
    return False


def _references(extra_folders: str) -> Mapping[str, str]:
    folders = [Path(folder) for folder in extra_folders.split(os.pathsep) if folder]
    try:
        return {task_id: task.reference for task_id, task in load(folders).items()}
    except BadTask as error:
        raise NoReference(f"the local catalogue cannot be read: {error}") from error


def _passwords_in(urls: Iterable[str]) -> list[str]:
    passwords = []
    for url in urls:
        credentials, at, _ = url.partition("//")[2].rpartition("@")
        if at:
            passwords.append(credentials.partition(":")[2] or credentials)
    return passwords


def _summary(played: Sequence[PlayedEpisode], *, duration_s: float) -> str:
    solved = sum(episode.success for episode in played)
    broken = sum(bool(episode.broken) for episode in played)
    score = fmean(episode.score for episode in played)
    return (
        f"{len(played)} episodes in {duration_s:.1f} s: {solved} solved, {broken} broken, "
        f"mean score {score:.3f}"
    )
