"""The corpus where the server may be deployed.

`tests/corpus/test_corpus.py` plays it as whoever runs the tests, on this machine. Here it is played
as another user (where that is root) and in containers of the service's own image: with Docker's
default profile, and the way OpenEnv's validator starts it.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from ruff import find_ruff_bin

from tests.tree import ROOT

CORPUS: Final = ROOT / "tests" / "corpus"
NOBODY: Final = 65534
DEADLINE_S: Final = 900
SPACE: Final = ("--user=1000:1000",)
VALIDATOR: Final = (
    "--user=65532:65532",
    "--read-only",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--pids-limit=256",
    "--tmpfs=/tmp",
)
CONTAINER: Final = """
FROM {image}
COPY . /app/tests/corpus
"""
# A development tree often belongs to root alone; the system's interpreter is for everybody.
INTERPRETERS: Final = (sys.executable, "/usr/bin/python3.11", "/usr/local/bin/python3.11")
# setpriv drops its capabilities only while it starts a program; a grandchild has none.
STARTS_ITSELF: Final = """
import msgspec, subprocess, sys
subprocess.run([sys.executable, "-c", "import msgspec"], check=True)
"""

pytestmark = pytest.mark.timeout(DEADLINE_S)


def assert_nothing_gives(done: subprocess.CompletedProcess[str]) -> None:
    """Show what failed where something did, else ask for the whole corpus."""
    summary = done.stdout.rpartition("\n")[0].rpartition("\n")[2]
    failures = "\n".join(line for line in done.stdout.splitlines() if not line.startswith("ok "))

    assert done.returncode == 0, failures + done.stderr
    assert summary.endswith(" passed, 0 failed"), summary
    assert int(summary.split()[0]) >= 120


@pytest.fixture(name="open_tree")
def tree_for_everybody() -> Iterator[Path]:
    """What the corpus needs, copied to where every user may read it."""
    tree = Path(sysconfig.get_path("purelib"))
    target = Path(f"/tmp/corpus-tree-{os.getpid()}")
    shutil.copytree(ROOT / "sandbox", target / "sandbox")
    shutil.copytree(CORPUS, target / "tests" / "corpus")
    for package in ("msgspec", "ruff"):
        shutil.copytree(tree / package, target / package)
    (target / "bin").mkdir()
    shutil.copy2(find_ruff_bin(), target / "bin" / "ruff")
    try:
        yield target
    finally:
        shutil.rmtree(target)


def as_nobody(*argv: str, tree: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a user who owns nothing and is in no group."""
    return subprocess.run(
        [
            *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
            *argv,
        ],
        cwd=tree,
        env={"PYTHONPATH": str(tree), "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


if os.geteuid() == 0:

    def test_as_another_user_on_this_machine(open_tree: Path) -> None:
        usable = [
            interpreter
            for interpreter in INTERPRETERS
            if as_nobody(interpreter, "-c", STARTS_ITSELF, tree=open_tree).returncode == 0
        ]
        assert usable, "no Python 3.11 here may be run by other users"

        assert_nothing_gives(as_nobody(usable[0], "-m", "tests.corpus", tree=open_tree))


@pytest.fixture(scope="session", name="corpus_image")
def image_with_corpus(image: str) -> Iterator[str]:
    """The service's image with the corpus in it."""
    tag = f"{image}-corpus"
    subprocess.run(
        ["docker", "build", "--quiet", "--tag", tag, "--file", "-", str(CORPUS)],
        input=CONTAINER.format(image=image),
        text=True,
        check=True,
        capture_output=True,
    )
    try:
        yield tag
    finally:
        subprocess.run(["docker", "image", "rm", "--force", tag], check=True, capture_output=True)


@pytest.mark.docker
@pytest.mark.parametrize(
    "options", [pytest.param(SPACE, id="space"), pytest.param(VALIDATOR, id="validator")]
)
def test_in_a_container(corpus_image: str, options: tuple[str, ...]) -> None:
    done = subprocess.run(
        ["docker", "run", "--rm", *options, corpus_image, "python", "-m", "tests.corpus"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert_nothing_gives(done)
