"""Collect the root of the sandbox image: an interpreter, what it loads, msgspec, the guests' code.

Run while the image is built, by the interpreter that is to be in it:
    python3 sandbox_root.py ROOT PACKAGES GUESTS
"""

import compileall
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path
from py_compile import PycInvalidationMode

UNUSED = (
    "__pycache__", "config-*", "dist-packages", "ensurepip", "idlelib", "site-packages", "test",
    "tests", "tkinter", "turtledemo", "_tkinter*", "*.a", "*.pyc", "pydoc_data", "bin",
)  # fmt: skip
"""Parts of installations that no guest imports: tests, installers, desktop programs."""
DATA = ("/etc/ld.so.conf", "/etc/ld.so.conf.d", "/usr/lib/locale/C.utf8", "/usr/share/zoneinfo")
LINKED_BY_NAME = ("libgcc_s.so.1",)
"""Libraries that the C library opens by itself, for threads that end."""
USERS = "root:x:0:0:root:/:/bin/false\nnobody:x:65534:65534:nobody:/:/bin/false\n"
GROUPS = "root:x:0:\nnogroup:x:65534:\n"


def copy(source: Path, root: Path) -> None:
    """Copy a file or folder to its own place below the root."""
    place = root / source.resolve().relative_to("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        ignored = shutil.ignore_patterns(*UNUSED)
        shutil.copytree(source, place, symlinks=False, ignore=ignored, dirs_exist_ok=True)
    else:
        shutil.copy2(source, place)


def libraries(binaries: Iterable[Path]) -> Iterator[Path]:
    """Give every shared library that programs and modules need, the loader included."""
    for binary in binaries:
        linked = subprocess.run(["ldd", binary], capture_output=True, text=True, check=False)
        yield from (Path(path) for path in re.findall(r"(/\S+) \(0x", linked.stdout))
    known = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=True)
    for name in LINKED_BY_NAME:
        yield Path(re.findall(rf"{re.escape(name)} .*=> (/\S+)", known.stdout)[0])


def main(root: Path, packages: Path, guests: Path) -> None:
    """Collect everything."""
    interpreter = Path(sys.executable).resolve()
    stdlib = Path(sysconfig.get_path("stdlib"))
    for source in (interpreter, stdlib, packages, guests, *map(Path, DATA)):
        if source.exists():
            copy(source, root)
    (root / "python3").symlink_to(interpreter)
    for merged in ("lib", "lib64"):
        if Path("/", merged).is_symlink():
            (root / merged).symlink_to(f"usr/{merged}")
    modules = [one for one in root.rglob("*.so*") if one.is_file()]
    for library in {*libraries([interpreter, *modules])}:
        place = root / library.parent.resolve().relative_to("/") / library.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(library.resolve(), place)
    subprocess.run(["ldconfig", "-r", root], check=True)
    for folder in ("etc", "scratch"):
        (root / folder).mkdir(exist_ok=True)
    (root / "scratch").chmod(0o1777)  # what is mounted there takes the folder's rights
    (root / "etc" / "passwd").write_text(USERS)
    (root / "etc" / "group").write_text(GROUPS)
    for compiled in (stdlib, packages, guests):
        compileall.compile_dir(
            root / compiled.resolve().relative_to("/"),
            quiet=2,
            stripdir=os.fspath(root),
            prependdir="/",
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
