"""`make demo`, as a newcomer types it."""

import re
import subprocess
import time
from pathlib import Path

from tests.e2e.conftest import TASK_IDS
from tests.tree import ROOT

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
DEMO_CEILING_S = 30.0
START = re.compile(r"\[START\] task=(\S+) env=python_code_review_env model=(\S+)")
STEP = re.compile(
    r"\[STEP\] step=(\d+) action=(\S.*?) reward=(-?\d+\.\d{2}) done=(true|false) error=(.+)"
)
END = re.compile(
    r"\[END\] success=(true|false) steps=(\d+) rewards=(-?\d+\.\d{2}(?:,-?\d+\.\d{2})*)"
)


def run_make(target: str, home: Path) -> tuple[subprocess.CompletedProcess[str], float]:
    """Run a make target in an empty environment; give what it printed and how long it took."""
    began = time.monotonic()
    done = subprocess.run(
        ["make", target],
        cwd=ROOT,
        env={"HOME": str(home), "PATH": PATH},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done, time.monotonic() - began


def test_the_demo_repairs_three_pieces_of_python(tmp_path: Path) -> None:
    done, took_s = run_make("demo", tmp_path)

    assert done.returncode == 0, done.stderr
    assert took_s < DEMO_CEILING_S
    blocks = re.split(r"(?m)^(?=\[START\])", done.stdout)[1:]
    assert "".join(blocks) == done.stdout
    assert [block.split()[1] for block in blocks] == [f"task={task_id}" for task_id in TASK_IDS]
    for block in blocks:
        assert_solved(block)


def assert_solved(block: str) -> None:
    """Check one block line by line, and its END against its steps."""
    start, *steps, end = block.splitlines()
    parsed = [STEP.fullmatch(line) for line in steps]
    ended = END.fullmatch(end)

    assert START.fullmatch(start)
    assert all(parsed)
    assert ended
    rewards = [step[3] for step in parsed if step]
    assert ended[1] == "true"
    assert int(ended[2]) == len(rewards)
    assert ended[3].split(",") == rewards


def test_the_syntax_block_rises_from_failing_to_solved(tmp_path: Path) -> None:
    done, _ = run_make("demo", tmp_path)

    block = done.stdout.split("[END]")[0]
    earned = {
        (int(step), action): float(reward) for step, action, reward, _, _ in STEP.findall(block)
    }
    actions = [action for _, action in sorted(earned)]
    failing, edited, passing, submitted = (earned[key] for key in sorted(earned))
    assert actions == ["run_tests", "edit_code", "run_tests", "submit_solution"]
    assert failing < 0.20
    assert edited > 0.90
    assert passing >= 0.95
    assert submitted >= 0.95
