"""`python -m tasks`: list, show and check tasks."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tasks.catalogue import BadTask, Catalogue, load
from tasks.selection import UnknownTask, Wish, select
from tasks.task import Task

OK = 0
BAD_TASK = 1
USAGE = 2


def main(argv: Sequence[str]) -> int:
    """Run one command.

    Returns:
        0 when all is well, 1 when a task is bad, 2 for a wrong command line or an unknown task.
    """
    options = _parser().parse_args(argv)
    try:
        catalogue = load([Path(folder) for folder in options.path])
    except BadTask as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's answer
        return BAD_TASK
    if options.command == "show":
        return _show(catalogue, options.task_id)
    lines = _checked(catalogue) if options.command == "check" else _table(catalogue, options.json)
    print("\n".join(lines))  # noqa: T201 - the command's answer
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tasks", description=__doc__)
    parser.add_argument(
        "--path",
        action="append",
        default=[],
        metavar="FOLDER",
        help="a folder of further tasks; may be repeated",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    listing = commands.add_parser("list", help="one line a task")
    listing.add_argument("--json", action="store_true", help="as JSON")
    showing = commands.add_parser("show", help="a task's instruction, starter and public tests")
    showing.add_argument("task_id")
    commands.add_parser("check", help="read every task and say whether it keeps the rules")
    return parser


def _table(catalogue: Catalogue, as_json: bool) -> list[str]:
    rows = [(t.id, t.kind.value, t.difficulty.value, t.split, t.title) for t in catalogue.values()]
    if as_json:
        names = ("id", "kind", "difficulty", "split", "title")
        listed = [dict(zip(names, row, strict=True)) for row in rows]
        return [msgspec.json.encode(listed).decode()]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        for row in rows
    ]


def _show(catalogue: Catalogue, task_id: str) -> int:
    try:
        task = select(catalogue, Wish(task_id=task_id))
    except UnknownTask as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's answer
        return USAGE
    print(_page(task))  # noqa: T201 - the command's answer
    return OK


def _page(task: Task) -> str:
    facts = f"{task.kind.value}, {task.difficulty.value}, split {task.split}"
    origin = f"{task.provenance.source} ({task.provenance.licence})"
    return "\n".join(
        [
            f"# {task.title}",
            f"{task.id}: {facts}, at most {task.max_steps} steps; {origin}",
            "",
            task.instruction.rstrip(),
            "",
            "## Starter",
            task.starter.rstrip(),
            "",
            "## Public tests",
            task.test_public.rstrip(),
        ]
    )


def _checked(catalogue: Catalogue) -> list[str]:
    return [
        *(f"{task.id}: keeps the rules" for task in catalogue.values()),
        "To run references and canaries in a sandbox: python -m worker audit",
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
