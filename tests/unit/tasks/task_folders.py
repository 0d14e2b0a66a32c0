"""Writes task folders for tests: a sound one, to be spoilt in one place."""

from collections.abc import Mapping
from pathlib import Path

HEADER = """\
id = "{id}"
title = "Double"
kind = "bug_fix"
difficulty = "{difficulty}"
entry_points = ["double"]
split = "{split}"

[provenance]
source = "own"
licence = "MIT"

[canaries]
wrong_constant = 0.5
"""
FILES = {
    "instruction.md": "Return twice `n`.\n",
    "starter.py": "def double(n):\n    return n\n",
    "reference.py": "def double(n):\n    return n + n\n",
    "test_public.py": "from solution import double\n\ndef test_two():\n    assert double(2) == 4\n",
    "test_hidden.py": (
        "import solution as s\n\nclass TestDouble:\n"
        "    def test_three(self):\n        assert s.double(3) == 6\n"
    ),
    "canaries/wrong_constant.py": "def double(n):\n    return 4\n",
}


def write_task(
    root: Path,
    task_id: str = "double",
    *,
    difficulty: str = "easy",
    split: str = "train",
    files: Mapping[str, str | None] | None = None,
) -> Path:
    """Write a sound task under `root`; `files` replaces texts, None leaves one out."""
    header = HEADER.format(id=task_id, difficulty=difficulty, split=split)
    texts: dict[str, str | None] = {"task.toml": header, **FILES, **(files or {})}
    folder = root / task_id
    for name, text in texts.items():
        if text is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return folder


def header(*, replacing: tuple[str, str] = ("", ""), adding: str = "") -> str:
    """Return the sound header with one text replaced, and lines added before its tables."""
    text = HEADER.format(id="double", difficulty="easy", split="train")
    old, new = replacing
    assert old in text
    return text.replace(old, new).replace("\n[provenance]", f"{adding}\n[provenance]")
