import os
import sys
import sysconfig
from pathlib import Path

import pytest

from sandbox.isolation import landlock
from sandbox.isolation.layers import guest_rules, readable_paths
from sandbox.isolation.namespaces import DEVICES
from sandbox.process import LayersMissing, check_layers


def test_guests_read_the_standard_library_and_no_package_and_nobodys_files() -> None:
    paths = readable_paths()

    assert os.path.realpath(sysconfig.get_path("stdlib")) in paths
    for path in paths:
        assert Path(path).is_absolute()
        assert Path(path).exists()
        assert not {"site-packages", "dist-packages"} & set(path.split("/"))
        assert not Path(__file__).is_relative_to(path)
        assert not Path(sys.prefix, "lib").is_relative_to(path) or sys.prefix == sys.base_prefix
        assert path not in {"/", "/etc", "/usr", "/usr/local", "/usr/local/lib", "/home", "/tmp"}


def test_readable_folders_do_not_nest() -> None:
    folders = [path for path in readable_paths() if Path(path).is_dir()]
    libraries = [path for path in readable_paths() if not Path(path).is_dir()]

    for library in libraries:
        assert not any(library.startswith(f"{folder}/") for folder in folders)


def test_rules_leave_installed_packages_out(tmp_path: Path) -> None:
    for name in ("json", "site-packages", "dist-packages"):
        (tmp_path / name).mkdir()
    (tmp_path / "abc.py").touch()

    rules = dict(guest_rules([str(tmp_path)]))

    read, listing = landlock.READ, landlock.LIST
    kept = {str(tmp_path): listing, f"{tmp_path}/abc.py": read, f"{tmp_path}/json": read}
    assert {path: rights for path, rights in rules.items() if path not in DEVICES} == kept


def test_rules_give_a_folder_without_packages_whole(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "libx.so").touch()

    rules = dict(guest_rules([f"{tmp_path}/lib", f"{tmp_path}/lib/libx.so"]))

    assert rules[f"{tmp_path}/lib"] == landlock.READ
    assert rules[f"{tmp_path}/lib/libx.so"] == landlock.READ


def test_no_rule_but_for_devices_lets_a_guest_write_or_execute() -> None:
    writes = landlock.SCRATCH & ~landlock.READ

    for path, rights in guest_rules(readable_paths()):
        assert not rights & landlock.EXECUTE
        if path not in DEVICES:
            assert not rights & writes


def test_nothing_in_scratch_can_be_executed() -> None:
    assert not landlock.SCRATCH & landlock.EXECUTE


ALL = ("process", "rlimits", "no_new_privs", "seccomp", "landlock", "mount", "cgroup")


@pytest.mark.parametrize(
    ("layers", "require"),
    [
        (ALL, None),
        (("seccomp", "landlock"), None),
        (("seccomp", "mount"), None),
        ((), frozenset[str]()),
        (ALL, frozenset({"cgroup", "mount"})),
    ],
)
def test_a_machine_with_what_is_required_will_do(
    layers: tuple[str, ...], require: frozenset[str] | None
) -> None:
    check_layers(layers, require)


@pytest.mark.parametrize(
    ("layers", "require", "absent"),
    [
        (("seccomp",), None, "landlock or mount;"),
        (("landlock", "mount"), None, "seccomp;"),
        ((), None, "landlock or mount, seccomp;"),
        (("seccomp", "landlock"), frozenset({"cgroup", "user", "seccomp"}), "cgroup, user;"),
    ],
)
def test_a_machine_without_is_refused_by_what_it_lacks(
    layers: tuple[str, ...], require: frozenset[str] | None, absent: str
) -> None:
    with pytest.raises(LayersMissing, match=f"missing here: {absent}.*SANDBOX_REQUIRE"):
        check_layers(layers, require)
