import os
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.isolation import scratch
from sandbox.limits import MIB, SCRATCH_BYTES, SCRATCH_FILES


def test_an_empty_folder_stays(tmp_path: Path) -> None:
    scratch.empty(str(tmp_path))

    assert list(tmp_path.iterdir()) == []


def test_files_links_and_folders_go_and_what_links_name_stays(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    folder = tmp_path / "scratch"
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "file").write_text("x")
    (folder / "0").mkdir()
    (folder / "link").symlink_to(outside)
    (folder / "a" / "link").symlink_to(outside / "kept")
    os.link(outside / "kept", folder / "a" / "hard")
    os.mkfifo(folder / "fifo")

    scratch.empty(str(folder))

    assert list(folder.iterdir()) == []
    assert (outside / "kept").read_text() == "kept"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(st.sampled_from("01ab"), min_size=1, max_size=5), max_size=12))
def test_any_tree_goes(tmp_path: Path, paths: list[list[str]]) -> None:
    for parts in paths:
        tmp_path.joinpath(*parts).mkdir(parents=True, exist_ok=True)
        (tmp_path.joinpath(*parts) / "file").touch()

    scratch.empty(str(tmp_path))

    assert list(tmp_path.iterdir()) == []


def test_depth_and_long_paths_do_not_stand_in_the_way(tmp_path: Path) -> None:
    home = os.open(".", os.O_RDONLY)
    try:
        os.chdir(tmp_path)
        for _ in range(1500):
            Path("deep" * 50).mkdir()
            os.chdir("deep" * 50)
        Path("file").touch()
    finally:
        os.fchdir(home)
        os.close(home)

    scratch.empty(str(tmp_path))

    assert list(tmp_path.iterdir()) == []


def test_rights_do_not_stand_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").touch(mode=0)
    for shut in ("a/b/c", "a/b", "a", "."):
        (tmp_path / shut).chmod(0)

    as_nobody(lambda: scratch.empty(str(tmp_path)), tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_removed_with_what_it_holds_once_or_twice(tmp_path: Path) -> None:
    (tmp_path / "gone" / "a").mkdir(parents=True)

    scratch.remove(str(tmp_path / "gone"))
    scratch.remove(str(tmp_path / "gone"))

    assert list(tmp_path.iterdir()) == []


def test_what_the_limits_allow_is_not_too_much(tmp_path: Path) -> None:
    for number in range(SCRATCH_FILES // 2):
        (tmp_path / f"folder{number}").mkdir()
    for number in range(4):
        (tmp_path / f"file{number}").write_bytes(b"x" * MIB)

    assert not scratch.is_over(str(tmp_path))


def test_too_many_files_are_too_much(tmp_path: Path) -> None:
    for number in range(SCRATCH_FILES + 1):
        (tmp_path / str(number % 2)).mkdir(exist_ok=True)
        (tmp_path / str(number % 2) / str(number)).touch()

    assert scratch.is_over(str(tmp_path))


def test_too_many_bytes_are_too_much_wherever_they_are(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for number in range(SCRATCH_BYTES // MIB + 1):
        (tmp_path / "a" / "b" / str(number)).write_bytes(b"x" * MIB)

    assert scratch.is_over(str(tmp_path))


def test_a_file_that_is_all_hole_is_no_bytes(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(SCRATCH_BYTES * 4)

    assert not scratch.is_over(str(tmp_path))


def test_a_folder_that_is_gone_is_not_too_much(tmp_path: Path) -> None:
    assert not scratch.is_over(str(tmp_path / "gone"))


def test_what_is_locked_counts_as_too_much(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0)

    as_nobody(lambda: _exit_unless(scratch.is_over(str(tmp_path))), tmp_path)


def _exit_unless(fact: bool) -> None:
    if not fact:
        raise AssertionError


NOBODY: Final = 65534


def as_nobody(act: Callable[[], None], folder: Path) -> None:
    """Act in a child process that no right of root helps, as owner of what is in `folder`."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.lchown(path, NOBODY, NOBODY)
        for parent in folder.parents:
            if parent.is_relative_to(gettempdir()) and parent != Path(gettempdir()):
                parent.chmod(0o711)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            if os.geteuid() == 0:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            act()
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
