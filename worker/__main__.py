"""`python -m worker`: workers, whether they live, doctor and audit."""

import argparse
import os
import socket
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TextIO

import msgspec

from sandbox.backend import Sandbox
from sandbox.outcome import SandboxUnavailable
from sandbox.process import LayersMissing
from tasks.catalogue import BadTask, load
from tasks.selection import UnknownTask, Wish, select
from worker.alive import presence
from worker.audit import audit, audit_lines
from worker.crew import Crew
from worker.doctor import doctor_lines, self_test
from worker.logs import configure_logs
from worker.rq_holds import release
from worker.sandboxes import sandbox_for
from worker.settings import BadSetting, WorkerSettings, read_settings
from worker.work import work

NO_REDIS = (
    "REDIS_URL is not set: workers take their jobs from there. "
    "A server without REDIS_URL grades by itself"
)
MOST_WORKERS = 256
OK = 0
UNWELL = 1
USAGE = 2


def main(argv: Sequence[str], settings: WorkerSettings, out: TextIO) -> int:
    """Run one command.

    Returns:
        0 when all is well, 1 when something is not, 2 when the command could not be carried out.
    """
    options = _parser().parse_args(argv)
    try:
        if options.command == "doctor":
            return _doctor(settings, out)
        if options.command == "audit":
            return _audit(options, settings, out)
        return _work(options, settings, out)
    except (SandboxUnavailable, LayersMissing, BadTask, UnknownTask, BadSetting) as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's answer
        return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m worker", description=__doc__)
    parser.add_argument(
        "--concurrency", type=_count, metavar="N", help="worker processes; GRADING_CONCURRENCY"
    )
    commands = parser.add_subparsers(dest="command", description="without one: work for REDIS_URL")
    commands.add_parser("one", help="be a single worker process")
    commands.add_parser("alive", help="whether workers of this host live, as Redis was told")
    commands.add_parser("doctor", help="isolation layers in force and missing, and a self-test")
    auditing = commands.add_parser("audit", help="prove tasks in the sandbox")
    auditing.add_argument("--task", metavar="ID", help="only this task")
    auditing.add_argument("--json", type=Path, metavar="FILE", help="write the report as JSON too")
    return parser


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= MOST_WORKERS:
        raise ValueError(text)
    return count


def _work(options: argparse.Namespace, settings: WorkerSettings, out: TextIO) -> int:
    if not settings.redis_url:
        raise BadSetting(NO_REDIS)
    if options.command == "alive":
        return _alive(settings.redis_url, out)
    configure_logs(settings.log_level, sys.stderr)
    if options.command == "one":
        return work(settings)
    size = options.concurrency or settings.grading_concurrency
    return Crew(size, partial(release, settings.redis_url, socket.gethostname())).run()


def _alive(redis_url: str, out: TextIO) -> int:
    found = presence(redis_url, socket.gethostname())
    if found.fault:
        _write(out, [f"REDIS_URL: {found.fault}"])
    else:
        _write(out, [f"{found.workers} living workers on {found.host}"])
    return OK if found.workers else UNWELL


def _doctor(settings: WorkerSettings, out: TextIO) -> int:
    refusal = ""
    try:
        sandbox = sandbox_for(settings, concurrency=1, require=settings.sandbox_require)
    except LayersMissing as error:
        refusal = str(error)
        sandbox = sandbox_for(settings, concurrency=1, require=frozenset())
    with closing(sandbox):
        symptoms = tuple(self_test(sandbox))
        _write(out, doctor_lines(sandbox.health(), symptoms, refusal))
    return OK if not refusal and all(symptom.well for symptom in symptoms) else UNWELL


def _audit(options: argparse.Namespace, settings: WorkerSettings, out: TextIO) -> int:
    catalogue = load(settings.tasks_path)
    if options.task is None:
        chosen = list(catalogue.values())
    else:
        chosen = [select(catalogue, Wish(task_id=options.task))]

    def sandbox_of_seed(seed: int) -> closing[Sandbox]:
        require = settings.sandbox_require
        return closing(sandbox_for(settings, concurrency=1, require=require, hash_seed=seed))

    report = audit(chosen, sandbox_of_seed)
    if options.json is not None:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    _write(out, audit_lines(report))
    return OK if report.held else UNWELL


def _write(out: TextIO, lines: Iterable[str]) -> None:
    out.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    try:
        worker_settings = read_settings(os.environ)  # noqa: TID251 - handed to the one reader
    except BadSetting as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's answer
        sys.exit(USAGE)
    sys.exit(main(sys.argv[1:], worker_settings, sys.stdout))
