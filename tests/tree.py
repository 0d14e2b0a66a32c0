"""What a clone of this repository would hold."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def tracked() -> list[str]:
    """List files that are tracked or would be, relative to the root, `/` between folders."""
    # CI may run as another user than the one who owns the folder.
    listed = subprocess.run(
        [
            *("git", "-c", f"safe.directory={ROOT}"),
            *("ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        ],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    names = filter(None, listed.stdout.split("\0"))
    return sorted(name for name in names if (ROOT / name).exists())
