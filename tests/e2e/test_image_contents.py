"""What is in the images: nothing that builds or fetches programs, no test, no task's secrets."""

import re
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final

import pytest

from tests.tree import ROOT

pytestmark = pytest.mark.docker

MB: Final = 1_000_000
RUNTIME_CEILING_BYTES: Final = 250 * MB
SANDBOX_CEILING_BYTES: Final = 80 * MB
TOOLS: Final = re.compile(
    r"^(g?cc|c\+\+|g\+\+|cpp|clang|as|make|tcc|rustc|go|pip3?|easy_install|apt(-get)?|dpkg|curl"
    r"|ld(\.\w+)?|wget|git|perl|ruff|sh|bash|dash|busybox)(-?[.0-9]+)?$"
)
COMPILERS: Final = re.compile(
    r"^(g?cc|c\+\+|g\+\+|cc1|clang|as|ld|make|tcc|rustc|go|pip3?)([-.0-9].*)?$"
)
EXECUTABLE: Final = 0o111


def contents_of(image: str, folder: Path) -> list[tarfile.TarInfo]:
    """Return every entry of an image's file system."""
    made = subprocess.run(
        ["docker", "create", image, "true"], capture_output=True, text=True, check=True
    )
    container = made.stdout.strip()
    archive = folder / "image.tar"
    try:
        subprocess.run(["docker", "export", "--output", str(archive), container], check=True)
    finally:
        subprocess.run(["docker", "rm", container], check=True, capture_output=True)
    with tarfile.open(archive) as opened:
        return opened.getmembers()


def size_of(image: str) -> int:
    """Return an image's size in bytes, as `docker images` tells it."""
    asked = ["docker", "image", "inspect", "--format", "{{.Size}}", image]
    return int(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)


def programs(entries: Iterable[tarfile.TarInfo]) -> set[str]:
    """Return the names of what can be run."""
    return {
        PurePosixPath(one.name).name
        for one in entries
        if one.issym() or (one.isfile() and one.mode & EXECUTABLE)
    }


def test_the_sandbox_image_holds_an_interpreter_and_the_guests_and_nothing_else(
    sandbox_image: str, tmp_path: Path
) -> None:
    entries = contents_of(sandbox_image, tmp_path)
    names = {one.name for one in entries}
    modules = {name for name in names if name.startswith("opt/guests/") and name.endswith(".py")}
    ours = {
        f"opt/guests/{path.relative_to(ROOT)}"
        for folder in ("guest", "isolation")
        for path in (ROOT / "sandbox" / folder).rglob("*.py")
    }
    ours |= {f"opt/guests/sandbox/{name}.py" for name in ("__init__", "exam", "limits", "outcome")}

    assert modules == ours
    assert {name for name in programs(entries) if TOOLS.match(name)} == set()
    assert {
        name for name in names if re.search(r"(^|/)(tests?|test_[^/]*|pip|ensurepip)(/|$)", name)
    } == set()
    assert {
        name for name in names if re.search(r"hidden|reference\.py|task\.toml|canar", name)
    } == set()
    assert [one.name for one in entries if one.isfile() and one.mode & 0o6000] == []
    assert {name.split("/")[0] for name in names} >= {"python3", "opt", "scratch"}


def test_no_line_of_a_hidden_test_is_in_the_sandbox_image(
    sandbox_image: str, tmp_path: Path
) -> None:
    contents_of(sandbox_image, tmp_path)
    archive = (tmp_path / "image.tar").read_bytes()
    hidden = sorted((ROOT / "tasks" / "catalog").glob("*/test_hidden.py"))
    assert hidden

    for path in hidden:
        longest = max(path.read_text().splitlines(), key=len).strip()
        assert longest.encode() not in archive, path


def test_the_runtime_image_holds_no_compiler(image: str, tmp_path: Path) -> None:
    base = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)[-1]
    brought = programs(contents_of(image, tmp_path)) - programs(contents_of(base, tmp_path))

    assert {name for name in brought if COMPILERS.match(name)} == set()


def test_the_images_are_small(image: str, sandbox_image: str) -> None:
    runtime_bytes, sandbox_bytes = size_of(image), size_of(sandbox_image)

    print(f"runtime image {runtime_bytes / MB:.0f} MB, sandbox image {sandbox_bytes / MB:.0f} MB")  # noqa: T201

    assert runtime_bytes < RUNTIME_CEILING_BYTES
    assert sandbox_bytes < SANDBOX_CEILING_BYTES
