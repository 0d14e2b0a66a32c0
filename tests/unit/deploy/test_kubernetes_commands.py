"""The commands that build and check the manifests say when they could not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tree import ROOT

POD = """
apiVersion: v1
kind: Pod
metadata: {name: bare}
spec:
  containers: [{name: bare, image: bare}]
"""


def test_without_kubectl_nothing_counts_as_checked(tmp_path: Path) -> None:
    for name in ("bash", "dirname"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")

    done = subprocess.run(
        [ROOT / "scripts" / "kubernetes.sh"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "no kubectl on PATH; install it" in done.stderr


@pytest.mark.parametrize(
    ("manifests", "status", "says"),
    [
        ("", 1, "here: 0 objects, 0 findings"),
        (POD, 1, "here: Pod bare: container bare: it may run as root"),
        (
            "{apiVersion: v1, kind: ServiceAccount, metadata: {name: quiet}}",
            0,
            "here: 1 objects, 0 findings",
        ),
    ],
)
def test_the_status_says_whether_something_is_wrong(manifests: str, status: int, says: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.check_manifests", "here"],
        cwd=ROOT,
        input=manifests,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (status, "")
    assert says in done.stdout
