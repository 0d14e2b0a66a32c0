"""What is to be played, and against what: options, and environment variables for their defaults."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from msgspec import Struct

from load.crowd import ROOT
from load.submissions import KINDS, Kind, Mix

PREFIX: Final = "LOAD_"
MIX: Final = "right=40,wrong=25,slow=15,hostile=20"
_WORDS: Final = (
    "Play many episodes at once against gateways and check what every step earns. "
    "Exit status: 0 nothing was lost, doubled or wrong; 1 something was; 2 usage; 130 interrupted."
)
_SCHEMES: Final = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}


class BadSetting(Exception):
    """An option or a variable can not be used; whoever set it is to blame."""


class Settings(Struct, frozen=True, kw_only=True):
    """What one run does.

    Attributes:
        episodes: How many are played, at least 1.
        concurrency: How many sockets there are at once, at least 1.
        mix: How many submissions of each kind, in proportion.
        urls: Of the gateways, `http://` or `https://`; none for a cluster of one's own.
        gateways: How many a cluster of one's own has.
        workers: The same.
        processes: How many processes play.
        seed: Of the draw.
        variants: How many wrong, slow and hostile submissions of each task at most.
        step_s: How long a step may take, refusals and lost sockets included, seconds.
        answer_s: How long a single answer may take, seconds.
        output: Folder of the figures and logs.
    """

    episodes: int
    concurrency: int
    mix: Mix
    urls: tuple[str, ...]
    gateways: int
    workers: int
    processes: int
    seed: int
    variants: int
    step_s: float
    answer_s: float
    output: Path


def read_settings(argv: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """Read the options; a variable `LOAD_<OPTION>` stands in for an option that is not given.

    Raises:
        BadSetting: Naming the option and what it may be.
        SystemExit: After `--help`.
    """
    options = vars(_parser(environ).parse_args(argv))
    urls = options.pop("url") or environ.get(f"{PREFIX}URL", "").split()
    return Settings(urls=_urls(urls), **options)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadSetting(message)


def _parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m load", description=_WORDS)

    def add(name: str, default: Any, kind: Any, words: str, **more: Any) -> None:
        variable = f"{PREFIX}{name.upper().replace('-', '_')}"
        given = environ.get(variable) or str(default)
        parser.add_argument(
            f"--{name}", default=given, type=kind, help=f"{words} ({variable}, {default})", **more
        )

    add("episodes", 1000, _count, "episodes to play")
    add("concurrency", 256, _count, "sockets at once")
    add("mix", MIX, mix_of, "kinds of submissions, in proportion")
    add("gateways", 2, _count, "gateways of a cluster of one's own")
    add("workers", 3, _count, "workers of a cluster of one's own")
    add("processes", 2, _count, "processes that play")
    add("seed", 1, int, "of the draw")
    add("variants", 4, _count, "wrong, slow and hostile submissions of each task, at most")
    add("step-s", 180, _seconds, "how long a step may take, refusals included, seconds")
    add("answer-s", 75, _seconds, "how long one answer may take, seconds")
    add("output", ROOT / "outputs", Path, "folder of load.json, load.png and logs")
    parser.add_argument(
        *("--url", "-u"),
        action="append",
        metavar="URL",
        help="a gateway of a running cluster, again for each (LOAD_URL, separated by blanks); "
        "without one a cluster is started",
    )
    return parser


def mix_of(text: str) -> Mix:
    """Read `right=4,wrong=2`.

    Raises:
        argparse.ArgumentTypeError: If it is something else.
    """
    mix: dict[Kind, int] = {}
    for part in text.split(","):
        name, _, count = part.partition("=")
        kinds = [kind for kind in KINDS if kind == name.strip()]
        if not kinds or not count.strip().isdecimal():
            raise argparse.ArgumentTypeError(
                f"{part!r}: write counts of {', '.join(KINDS)}, as {MIX}"
            )
        mix[kinds[0]] = int(count)
    if not sum(mix.values()):
        raise argparse.ArgumentTypeError("at least one kind needs a count above 0")
    return mix


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not seconds > 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not above 0")
    return seconds


def _urls(given: Sequence[str]) -> tuple[str, ...]:
    urls = []
    for url in given:
        scheme, found, rest = url.rstrip("/").partition("://")
        if not found or scheme not in _SCHEMES or not rest:
            raise BadSetting(f"--url {url}: it must begin with http:// or https://")
        urls.append(f"{_SCHEMES[scheme]}://{rest.removesuffix('/ws')}/ws")
    return tuple(urls)
