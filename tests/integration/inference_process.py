"""Runs `inference.py` as users do, as a process of its own, and reads its transcript."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "inference.py"
DEADLINE_S = 60.0

START = re.compile(r"\[START\] task=(\S+) env=python_code_review_env model=(\S+)")
STEP = re.compile(
    r"\[STEP\] step=(\d+) action=(\S+) reward=(-?\d+\.\d{2}) done=(true|false) error=(.+)"
)
END = re.compile(
    r"\[END\] success=(true|false) steps=(\d+)(?: score=(\d\.\d{2,3}))? "
    r"rewards=((?:-?\d+\.\d{2})(?:,-?\d+\.\d{2})*|)"
)


@dataclass(frozen=True, kw_only=True)
class Step:
    action: str
    reward: str
    done: bool
    error: str


@dataclass(frozen=True, kw_only=True)
class Block:
    """One episode of a transcript, checked line by line against the contract."""

    task_id: str
    model: str
    steps: tuple[Step, ...]
    success: bool
    score: str | None

    @property
    def actions(self) -> list[str]:
        return [step.action for step in self.steps]

    @property
    def rewards(self) -> list[float]:
        return [float(step.reward) for step in self.steps]


@dataclass(frozen=True, kw_only=True)
class Played:
    """What one run said."""

    status: int
    stdout: str
    stderr: str

    @property
    def blocks(self) -> list[Block]:
        return blocks_of(self.stdout)


def blocks_of(stdout: str) -> list[Block]:
    """Read a transcript; anything but whole blocks of the three line kinds is an error."""
    assert stdout == "" or stdout.endswith("\n")
    lines = iter(stdout.splitlines())
    blocks = []
    for line in lines:
        start = START.fullmatch(line)
        assert start is not None, line
        steps: list[Step] = []
        for inner in lines:
            end = END.fullmatch(inner)
            if end is not None:
                break
            step = STEP.fullmatch(inner)
            assert step is not None, inner
            assert int(step[1]) == len(steps) + 1
            steps.append(
                Step(action=step[2], reward=step[3], done=step[4] == "true", error=step[5])
            )
        else:
            raise AssertionError("a block without END")
        assert int(end[2]) == len(steps)
        assert end[4] == ",".join(step.reward for step in steps)
        blocks.append(
            Block(
                task_id=start[1],
                model=start[2],
                steps=tuple(steps),
                success=end[1] == "true",
                score=end[3],
            )
        )
    return blocks


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which no key and no address of the developer's is left."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"PYTHONWARNINGS": "error::ResourceWarning"} | dict(extra or {})


class Playing:
    """A run under way. What it writes is read in order, by line or at the end."""

    def __init__(self, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed by `finished`
        self.process = subprocess.Popen(
            [sys.executable, str(SCRIPT), *arguments],
            env=environment(env),
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self._read = ""

    @property
    def stdout(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def line(self) -> str:
        """Wait for one more line of standard output."""
        line = self.stdout.readline()
        self._read += line
        return line

    def signalled(self, number: signal.Signals) -> Played:
        """Send a signal and wait for the end."""
        self.process.send_signal(number)
        return self.finished()

    def finished(self) -> Played:
        """Wait for the end; a run that does not come to it is killed."""
        killer = threading.Timer(DEADLINE_S, self.process.kill)
        killer.start()
        if not self.stdout.closed:
            with self.stdout as stdout:
                self._read += stdout.read()
        status = self.process.wait()
        killer.cancel()
        with self._errors as errors:
            errors.seek(0)
            return Played(status=status, stdout=self._read, stderr=errors.read())


def play(*arguments: str, env: Mapping[str, str] | None = None) -> Played:
    """Play to the end."""
    return Playing(*arguments, env=env).finished()
