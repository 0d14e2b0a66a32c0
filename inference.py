"""Plays episodes of the environment and prints the transcript that evaluators read.

Standard output holds [START], [STEP] and [END] lines alone; everything else goes to standard
error. Without --env-url a server of its own is started; without a key for the model the tasks'
local reference solutions are applied.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from agents.options import Options
from agents.streams import reserved_stdout

INTERRUPTED = 130
EXIT_STATUSES = (
    "exit status: 0 played, 1 an episode broke, 2 usage, 130 interrupted, 143 terminated"
)
VARIABLES = (
    "environment: API_BASE_URL, MODEL_NAME, HF_TOKEN (router.huggingface.co), OPENAI_API_KEY "
    "(api.openai.com), API_KEY (where a proxy gives it together with API_BASE_URL)"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Play what the command line asks for and return the exit status."""
    options = read_options(argv)
    try:
        with reserved_stdout() as write_line:
            # Imported only now, so that nothing it prints can reach standard output.
            from agents.run import run  # noqa: PLC0415

            return run(options, write_line)
    except KeyboardInterrupt:
        return INTERRUPTED


def read_options(argv: Sequence[str] | None = None) -> Options:
    """Read the command line; a wrong one ends the process with status 2."""
    fields = vars(_parser().parse_args(argv))
    return Options(**(fields | {"tasks": tuple(fields["tasks"])}))


def _parser() -> argparse.ArgumentParser:
    default = Options()
    parser = argparse.ArgumentParser(
        description="Play episodes of python_code_review_env.",
        epilog=f"{EXIT_STATUSES}\n{VARIABLES}",
    )
    what = parser.add_argument_group("what to play")
    what.add_argument("--env-url", default="", help="server to play against; default: its own")
    what.add_argument(
        "--task", dest="tasks", action="append", default=[], metavar="ID", help="repeatable"
    )
    what.add_argument("--split", default="", help="only the tasks of this split")
    what.add_argument(
        "--episodes",
        type=_number(int, at_least=1),
        metavar="N",
        help="episodes in all, going round the tasks; default: each task once",
    )
    what.add_argument(
        "--concurrency", type=_number(int, at_least=1), default=default.concurrency, metavar="K"
    )
    what.add_argument("--seed", type=_number(int, at_least=0), help="of the first episode")
    what.add_argument(
        "--max-steps", type=_number(int, at_least=1), default=default.max_steps, metavar="N"
    )
    _add_player(parser.add_argument_group("who plays"), default)
    _add_output(parser.add_argument_group("what is kept"))
    return parser


def _add_player(who: "argparse._ArgumentGroup", default: Options) -> None:
    who.add_argument(
        "--policy",
        choices=("llm", "reference", "noop"),
        default=default.policy,
        help="[START] names the model, or the policy where no model plays",
    )
    who.add_argument(
        "--fallback",
        choices=("reference", "none"),
        default=default.fallback,
        help="what happens when the model fails: the local reference plays on, or nobody does",
    )
    who.add_argument("--model", default="", help="name of the model; default: MODEL_NAME")
    who.add_argument(
        "--temperature", type=_number(float, at_least=0, at_most=2), default=default.temperature
    )
    who.add_argument(
        "--timeout",
        dest="timeout_s",
        type=_number(float, at_least=0.1),
        default=default.timeout_s,
        metavar="SECONDS",
        help="longest wait for one answer of the model, retries included",
    )
    who.add_argument(
        "--max-tokens",
        type=_number(int, at_least=1),
        default=default.max_tokens,
        metavar="N",
        help="token budget of one answer",
    )


def _add_output(kept: "argparse._ArgumentGroup") -> None:
    kept.add_argument(
        "--output", type=Path, metavar="trajectories.jsonl", help="one JSON line an episode"
    )
    kept.add_argument(
        "--score-field",
        dest="shows_score",
        action="store_true",
        help="add score= to the [END] lines",
    )


def _number(
    kind: type[int] | type[float], *, at_least: float, at_most: float = float("inf")
) -> Callable[[str], float]:
    """Return a reader of numbers within bounds, for argparse."""

    def read(text: str) -> float:
        number = kind(text)
        if not at_least <= number <= at_most:
            upper = "" if at_most == float("inf") else f" and at most {at_most:g}"
            raise argparse.ArgumentTypeError(f"must be at least {at_least:g}{upper}")
        return number

    read.__name__ = kind.__name__
    return read


if __name__ == "__main__":
    sys.exit(main())
