"""Plays the whole corpus without pytest: `python -m tests.corpus [part of a name ...]`.

Prints a line a program and last `N passed, M failed`; the status is 1 when one failed.
"""

import sys
from collections.abc import Iterator, Sequence

from sandbox.process import ProcessSandbox
from tests.corpus.outside import Outside, descendants
from tests.corpus.play import Table, Verdict, orphans_adopted
from tests.corpus.programs import read_honest, read_hostile


def verdicts(table: Table, parts: Sequence[str]) -> Iterator[Verdict]:
    """Play every program whose name holds one of `parts`, or all."""
    for hostile in read_hostile():
        if not parts or any(part in hostile.name for part in parts):
            yield table.play_hostile(hostile)
    for honest in read_honest():
        if not parts or any(part in honest.name for part in parts):
            yield table.play_honest(honest)


def say(line: str) -> None:
    """Print one line at once, so that a run that hangs shows where."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(parts: Sequence[str]) -> int:
    """Play and print; return the exit status."""
    passed_count = failed_count = 0
    with orphans_adopted(), Outside() as outside:
        with ProcessSandbox(concurrency=2) as sandbox:
            health = sandbox.health()
            say(f"layers: {', '.join(health.layers)}; missing: {health.missing}")
            for verdict in verdicts(Table(sandbox, outside), parts):
                passed_count += not verdict.complaints
                failed_count += bool(verdict.complaints)
                word = "FAIL" if verdict.complaints else "ok  "
                say(f"{word} {verdict.name} {verdict.wall_s:.2f} s, {verdict.outcome}")
                for complaint in verdict.complaints:
                    say(f"     {complaint}")
        if left := descendants(outside.server_pid) - {outside.victim_pid}:
            failed_count += 1
            say(f"FAIL closing the sandbox: {len(left)} processes are left")
    say(f"{passed_count} passed, {failed_count} failed")
    return 1 if failed_count or not passed_count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
