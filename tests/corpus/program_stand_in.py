"""Stands in for `solution` where a program's tests run under plain pytest.

Source: the `program` rule of the split examination; `run` starts `submission.py` beside it.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

PROGRAM: Final = Path(__file__).parent / "submission.py"


class Run(Struct, frozen=True):
    """What one run of the program left."""

    stdout: str
    stderr: str
    exit_status: int


def run(stdin: str = "", argv: Sequence[str] = ()) -> Run:
    """Run the program once."""
    done = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", PROGRAM, *argv],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Run(done.stdout, done.stderr, done.returncode)
