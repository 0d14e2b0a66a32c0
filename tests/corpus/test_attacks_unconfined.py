"""The attacks are real: without a sandbox they get through, so it is the sandbox that stops them.

Only those are played that harm nothing but their own bait, for any user and on any kernel.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.corpus.outside import Outside
from tests.corpus.programs import FOLDER, hostile_from

ESCAPES: Final = (
    "dumpable_again",
    "folder_left_by_descriptor",
    "listening",
    "processes_listed",
    "settings_of_others",
    "signals_by_other_calls",
    "signals_to_others",
    "socketpair_sends_elsewhere",
    "subprocess",
    "tcp",
    "unix_sockets",
    "watching_folders",
    "write_outside",
    "write_through_links",
)
SPIES: Final = (
    "bait_file",
    "bait_file_by_link",
    "bait_file_mapped",
    "command_lines",
    "environment",
    "every_file_in_reach",
)
UNCONFINED: Final = """
import sys
import solution
addresses = eval(sys.argv[1])
print(getattr(solution, sys.argv[2])(addresses))
"""


def said(name: str, function: str, outside: Outside, folder: Path) -> str:
    """Return what a program answers as an ordinary process in `folder`."""
    program = hostile_from(FOLDER / "hostile" / f"{name}.py")
    (folder / "solution.py").write_text(program.source, encoding="utf-8")
    (folder / "play.py").write_text(UNCONFINED, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "play.py", repr(outside.addresses()), function],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("name", ESCAPES)
def test_an_escape_gets_through_unconfined(name: str, tmp_path: Path) -> None:
    with Outside() as outside:
        assert said(f"escape/{name}", "attempt", outside, tmp_path) == "got through"


@pytest.mark.parametrize("name", SPIES)
def test_a_spy_finds_the_secret_unconfined(name: str, tmp_path: Path) -> None:
    with Outside() as outside:
        assert said(f"read/{name}", "find", outside, tmp_path) == outside.token
