import os
from pathlib import Path

import pytest

from sandbox.isolation import cgroup

PARENT = "python_code_review_env"


def as_kernel_makes(folder: Path, names: str) -> Path:
    """Make a group's folder with the files the kernel puts there."""
    folder.mkdir(parents=True)
    for name in names.split():
        (folder / name).touch()
    return folder


def version_1(root: Path) -> tuple[Path, Path]:
    as_kernel_makes(root / "memory", "memory.limit_in_bytes")
    memory = as_kernel_makes(
        root / "memory" / PARENT / "slot", "tasks memory.limit_in_bytes memory.oom_control"
    )
    pids = as_kernel_makes(root / "pids" / PARENT / "slot", "tasks pids.max")
    return memory, pids


def version_2(root: Path) -> Path:
    (root / "cgroup.subtree_control").touch()
    group = as_kernel_makes(
        root / PARENT / "slot", "cgroup.procs memory.max memory.events pids.max memory.swap.max"
    )
    (root / PARENT / "cgroup.subtree_control").touch()
    return group


def test_version_1_limits_memory_and_tasks(tmp_path: Path) -> None:
    memory, pids = version_1(tmp_path)

    group = cgroup.slot_group("slot", memory_bytes=1000, task_count=7, root=tmp_path)
    group.enter()

    assert (memory / "memory.limit_in_bytes").read_text() == "1000"
    assert (pids / "pids.max").read_text() == "7"
    assert [(one / "tasks").read_text() for one in (memory, pids)] == ["0", "0"]


def test_version_2_limits_memory_and_tasks_and_takes_swap_away(tmp_path: Path) -> None:
    made = version_2(tmp_path)

    group = cgroup.slot_group("slot", memory_bytes=1000, task_count=7, root=tmp_path)
    group.enter()

    assert (made / "memory.max").read_text() == "1000"
    assert (made / "pids.max").read_text() == "7"
    assert (made / "memory.swap.max").read_text() == "0"
    assert (made / "cgroup.procs").read_text() == "0"
    for folder in (tmp_path, tmp_path / PARENT):
        assert (folder / "cgroup.subtree_control").read_text() == "+memory +pids"


def test_the_memory_limit_changes_after_the_file_system_is_out_of_reach(tmp_path: Path) -> None:
    memory, _ = version_1(tmp_path)
    group = cgroup.slot_group("slot", memory_bytes=9, task_count=7, root=tmp_path)

    group.limit_memory(1_000_000)

    assert (memory / "memory.limit_in_bytes").read_text() == "1000000"


@pytest.mark.parametrize(
    ("text", "count"),
    [("oom_kill_disable 0\nunder_oom 0\noom_kill 3\n", 3), ("low 0\noom 1\noom_kill 0\n", 0)],
)
def test_kills_for_lack_of_memory_are_counted(tmp_path: Path, text: str, count: int) -> None:
    memory, _ = version_1(tmp_path)
    (memory / "memory.oom_control").write_text(text)

    group = cgroup.slot_group("slot", memory_bytes=9, task_count=7, root=tmp_path)

    assert group.kill_count() == count
    assert group.kill_count() == count


def test_descriptors_are_not_for_programs(tmp_path: Path) -> None:
    version_2(tmp_path)

    group = cgroup.slot_group("slot", memory_bytes=9, task_count=7, root=tmp_path)

    for descriptor in (*group.join, group.memory_limit, group.kills):
        assert not os.get_inheritable(descriptor)


def test_no_hierarchy_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        cgroup.slot_group("slot", memory_bytes=9, task_count=7, root=tmp_path / "nowhere")


def test_a_group_is_removed_from_every_hierarchy_and_only_there(tmp_path: Path) -> None:
    for parent in ("memory", "pids", "."):
        (tmp_path / parent / PARENT / "slot").mkdir(parents=True)
        (tmp_path / parent / PARENT / "other").mkdir()

    cgroup.remove("slot", root=tmp_path)
    cgroup.remove("never made", root=tmp_path)

    assert not list(tmp_path.rglob("slot"))
    assert len(list(tmp_path.rglob("other"))) == 3
