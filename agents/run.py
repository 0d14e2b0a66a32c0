"""One run of `inference.py`: from its options to its exit status."""

import asyncio
import signal
from collections.abc import Callable, Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from agents.env_session import EnvFault
from agents.halt import SIGNALLED, Halt
from agents.notices import Notices, redaction_of
from agents.options import Options
from agents.series import Series
from agents.settings import (
    BadSetting,
    ModelSettings,
    read_environment,
    read_model_settings,
    secrets_in,
)
from agents.task_list import UnknownTask
from agents.transcript import Transcript

PLAYED: Final = 0
BROKEN: Final = 1
USAGE: Final = 2


def run(options: Options, write_line: Callable[[str], None]) -> int:
    """Play what the options ask for and return the exit status.

    Args:
        options: What to play, against which server, and who plays.
        write_line: Writes one line to standard output, or raises OSError.
    """
    environ = read_environment()
    urls = (options.env_url, environ.get("API_BASE_URL", ""))
    notices = Notices(redaction_of((*secrets_in(environ), *_passwords_in(urls))))
    try:
        series = Series(
            options,
            environ=environ,
            model_settings=_model_settings(options, environ, notices),
            notices=notices,
        )
        return asyncio.run(_play(series, options, notices, write_line))
    except (BadSetting, UnknownTask) as error:
        notices.say(f"inference.py: {error}")
        return USAGE
    except EnvFault as fault:
        notices.say(f"inference.py: {fault}")
        return BROKEN


async def _play(
    series: Series, options: Options, notices: Notices, write_line: Callable[[str], None]
) -> int:
    halt = Halt()

    def write(line: str) -> None:
        try:
            with notices.bar_hidden():
                write_line(line)
        except OSError as error:
            notices.say_once(f"inference.py: nobody reads standard output: {error}")
            halt.stop(BROKEN)

    async def play_to_the_end() -> int:
        played = await series.play(Transcript(write, streams=options.concurrency == 1))
        return BROKEN if any(episode.broken for episode in played) else PLAYED

    status = await halt.over(play_to_the_end)
    if status > SIGNALLED:
        notices.say(f"inference.py: stopped by {signal.Signals(status - SIGNALLED).name}")
    return status


def _model_settings(
    options: Options, environ: Mapping[str, str], notices: Notices
) -> ModelSettings | None:
    """Return how to reach the model, or None if none is to play; say so when a key is missing."""
    if options.policy != "llm":
        return None
    settings = read_model_settings(environ, model=options.model)
    if settings.key:
        return settings
    missing = f"no key for {urlsplit(settings.base_url).hostname}: set {settings.key_wanted}"
    if options.fallback == "none":
        raise BadSetting(f"{missing}, or allow --fallback reference")
    notices.say(
        f"inference.py: {missing}. No model plays: the deterministic fallback applies the tasks' "
        "local reference solutions."
    )
    return None


def _passwords_in(urls: Iterable[str]) -> list[str]:
    passwords = []
    for url in urls:
        credentials, at, _ = url.partition("//")[2].rpartition("@")
        if at:
            passwords.append(credentials.partition(":")[2] or credentials)
    return passwords
