"""The honest half of the corpus is honest: plain pytest passes all of it, without a sandbox."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.corpus.programs import FOLDER, Honest, read_honest

PYTEST: Final = (
    "-m",
    "pytest",
    "-q",
    "-p",
    "no:cacheprovider",
    "-c",
    "/dev/null",
    "--rootdir",
    ".",
)


@pytest.mark.parametrize("program", read_honest(), ids=lambda program: program.name)
def test_plain_pytest_passes_it(program: Honest, tmp_path: Path) -> None:
    (tmp_path / "test_public.py").write_text(program.tests, encoding="utf-8")
    (tmp_path / "submission.py").write_text(program.source, encoding="utf-8")
    stand_in = (FOLDER / "program_stand_in.py").read_text(encoding="utf-8")
    (tmp_path / "solution.py").write_text(
        stand_in if program.program else program.source, encoding="utf-8"
    )

    done = subprocess.run(
        [sys.executable, *PYTEST, "test_public.py"],
        cwd=tmp_path,
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
