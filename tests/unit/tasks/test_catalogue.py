from pathlib import Path

import msgspec
import pytest

from sandbox.limits import SOURCE_BYTES, TEST_SOURCE_BYTES
from tasks.catalogue import BadTask, load, load_task
from tasks.task import Canary, Difficulty, Provenance, Task, TaskKind, Weights
from tests.unit.tasks.task_folders import FILES, header, write_task

THE_THREE = [
    "syntax_fix_invoice_totals",
    "bug_fix_session_windows",
    "optimization_rank_active_users",
]
OPTIMIZATION = ('kind = "bug_fix"', 'kind = "optimization"')
WORKLOAD = "def make_inputs(rng):\n    return (rng.random(),)\n"


def test_the_built_in_tasks_come_from_easy_to_hard() -> None:
    catalogue = load()

    assert list(catalogue) == THE_THREE
    assert [task.difficulty for task in catalogue.values()] == list(Difficulty)


def test_every_built_in_task_says_where_it_comes_from_and_has_canaries() -> None:
    for task in load().values():
        assert task.provenance == Provenance(source="written for this catalogue", licence="MIT")
        assert len(task.canaries) >= 4


def test_a_task_is_read_whole(tmp_path: Path) -> None:
    task = load_task(write_task(tmp_path))

    assert task == Task(
        id="double",
        title="Double",
        kind=TaskKind.BUG_FIX,
        difficulty=Difficulty.EASY,
        instruction=FILES["instruction.md"],
        starter=FILES["starter.py"],
        reference=FILES["reference.py"],
        test_public=FILES["test_public.py"],
        test_hidden=FILES["test_hidden.py"],
        entry_points=("double",),
        weights=Weights(),
        provenance=Provenance(source="own", licence="MIT"),
        canaries=(
            Canary(
                name="wrong_constant", source=FILES["canaries/wrong_constant.py"], max_score=0.5
            ),
        ),
    )


def test_a_task_survives_the_queue() -> None:
    for task in load().values():
        assert msgspec.json.decode(msgspec.json.encode(task), type=Task) == task


def test_further_folders_follow_the_built_in_one(tmp_path: Path) -> None:
    write_task(tmp_path / "one", "zebra", difficulty="easy")
    write_task(tmp_path / "one", "ape", difficulty="hard")
    write_task(tmp_path / "two", "bee")

    catalogue = load([tmp_path / "two", tmp_path / "one"])

    assert list(catalogue) == [*THE_THREE, "bee", "zebra", "ape"]
    assert len(catalogue) == 6
    assert catalogue["ape"].difficulty is Difficulty.HARD


def test_an_optimization_is_read_with_its_workload(tmp_path: Path) -> None:
    files = {
        "task.toml": header(replacing=OPTIMIZATION, adding="cost_ratio = 8\nruntime_bar = 0.5\n"),
        "workload.py": WORKLOAD,
    }

    task = load_task(write_task(tmp_path, files=files))

    assert (task.workload, task.cost_ratio, task.runtime_bar) == (WORKLOAD, 8.0, 0.5)


def test_a_program_needs_no_entry_point(tmp_path: Path) -> None:
    tests = "import solution\n\ndef test_it():\n    assert solution.run(stdin='2').stdout == '4'\n"
    files = {
        "task.toml": header(replacing=('kind = "bug_fix"', 'kind = "program"')).replace(
            'entry_points = ["double"]\n', ""
        ),
        "test_public.py": tests,
        "test_hidden.py": tests,
    }

    task = load_task(write_task(tmp_path, files=files))

    assert (task.kind, task.entry_points) == (TaskKind.PROGRAM, ())


@pytest.mark.parametrize(
    ("toml", "field", "reason"),
    [
        (header(adding="colour = 1\n"), "", "unknown field `colour`"),
        (header(adding="weights.pubic = 1\n"), "weights", "unknown field `pubic`"),
        (header(adding="limits.memory_bytes = 1\n"), "limits.memory_bytes", "33554432"),
        (header(adding="limits.exam_wall_s = 9000\n"), "limits.exam_wall_s", "50"),
        (header(adding="max_steps = 0\n"), "max_steps", ">= 1"),
        (header(replacing=('"double"\n', '"Double"\n')), "id", "regex"),
        (header(replacing=('"double"\n', '"dou-ble"\n')), "id", "regex"),
        (header(replacing=('"double"\n', '""\n')), "id", "regex"),
        (header(replacing=('"double"\n', '"triple"\n')), "id", "the folder is called 'double'"),
        (header(replacing=("bug_fix", "riddle")), "kind", "riddle"),
        (header(replacing=("easy", "trivial")), "difficulty", "trivial"),
        (header(replacing=('title = "Double"\n', "")), "", "missing required field `title`"),
        (header(replacing=('["double"]', '["dou ble"]')), "entry_points[0]", "regex"),
        (header(replacing=('["double"]', "[]")), "entry_points", "is empty"),
        (header(replacing=('["double"]', '["triple"]')), "entry_points", "does not define"),
        (header(replacing=('"own"', '""')), "provenance.source", "length >= 1"),
        (header(replacing=('licence = "MIT"\n', "")), "provenance", "licence"),
        (header(replacing=("= 0.5", "= 1.5")), "canaries[...]", "<= 1"),
        (header(adding="cost_ratio = 4.0\n"), "cost_ratio", "optimizations alone"),
        (header(adding="runtime_bar = 0.5\n"), "runtime_bar", "optimizations alone"),
        (header(adding="weights.public = 0\nweights.hidden = 0\n"), "weights", "both 0"),
        (header(adding='exported_classes = ["Box"]\n'), "exported_classes", "does not define"),
        ("id = ", "", "Invalid value"),
    ],
)
def test_a_bad_header_is_refused(tmp_path: Path, toml: str, field: str, reason: str) -> None:
    folder = write_task(tmp_path, files={"task.toml": toml})

    with pytest.raises(BadTask) as caught:
        load_task(folder)

    assert (caught.value.file, caught.value.field) == (folder / "task.toml", field)
    assert reason in caught.value.reason
    assert str(folder / "task.toml") in str(caught.value)


@pytest.mark.parametrize(
    ("file", "text", "field", "reason"),
    [
        ("instruction.md", None, "instruction", "can not be read"),
        ("starter.py", None, "starter", "can not be read"),
        ("reference.py", None, "reference", "can not be read"),
        ("test_public.py", None, "test_public", "can not be read"),
        ("test_hidden.py", None, "test_hidden", "can not be read"),
        ("task.toml", None, "", "can not be read"),
        ("instruction.md", " \n", "instruction", "is empty"),
        ("starter.py", " \n", "starter", "is empty"),
        ("starter.py", "def double(n)\n", "starter", "must compile"),
        ("starter.py", FILES["reference.py"], "starter", "nothing to do"),
        ("reference.py", "def double(n:\n", "reference", "line 1: "),
        ("reference.py", "import numpy\ndouble = numpy.add\n", "reference", "'numpy'"),
        ("reference.py", "from solution import double\n", "reference", "only tests may"),
        ("starter.py", "#" * (SOURCE_BYTES + 1), "starter", "at most 102400"),
        ("test_hidden.py", "#" * (TEST_SOURCE_BYTES + 1), "test_hidden", "at most 262144"),
        ("test_public.py", "", "test_public", "holds no test"),
        ("test_public.py", "def test_it():\n    pass\n", "test_public", "asks nothing of solution"),
        ("test_public.py", "import solution\ndef check():\n    pass\n", "test_public", "no test"),
        (
            "test_hidden.py",
            "from solution import triple\ndef test_it():\n    pass\n",
            "test_hidden",
            "asks for 'triple'",
        ),
        ("test_hidden.py", "import solution, numpy\n", "test_hidden", "'numpy'"),
        ("test_hidden.py", "from . import solution\n", "test_hidden", "'.'"),
        ("workload.py", WORKLOAD, "workload", "optimizations alone"),
    ],
)
def test_a_bad_text_is_refused(
    tmp_path: Path, file: str, text: str | None, field: str, reason: str
) -> None:
    folder = write_task(tmp_path, files={file: text})

    with pytest.raises(BadTask) as caught:
        load_task(folder)

    assert (caught.value.file, caught.value.field) == (folder / file, field)
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("adding", "workload", "field", "reason"),
    [
        ("cost_ratio = 8\n", None, "workload", "needs a workload.py"),
        ("cost_ratio = 8\n", "def inputs(rng):\n    pass\n", "workload", "make_inputs"),
        ("cost_ratio = 8\n", "def make_inputs(rng\n", "workload", "line 1"),
        ("", WORKLOAD, "cost_ratio", "above 1"),
        ("cost_ratio = 1\n", WORKLOAD, "cost_ratio", "> 1.0"),
        ("cost_ratio = 0.5\n", WORKLOAD, "cost_ratio", "> 1.0"),
    ],
)
def test_an_optimization_needs_workload_and_cost_ratio(
    tmp_path: Path, adding: str, workload: str | None, field: str, reason: str
) -> None:
    toml = header(replacing=OPTIMIZATION, adding=adding)
    folder = write_task(tmp_path, files={"task.toml": toml, "workload.py": workload})

    with pytest.raises(BadTask) as caught:
        load_task(folder)

    assert caught.value.field == field
    assert reason in caught.value.reason


def test_a_syntax_task_whose_starter_compiles_is_refused(tmp_path: Path) -> None:
    toml = header(replacing=('kind = "bug_fix"', 'kind = "syntax_fix"'))

    with pytest.raises(BadTask, match=r"starter\.py: starter: of a syntax_fix task must not"):
        load_task(write_task(tmp_path, files={"task.toml": toml}))


def test_an_entry_point_no_test_calls_is_refused(tmp_path: Path) -> None:
    files = {
        "task.toml": header(replacing=('["double"]', '["double", "half"]')),
        "reference.py": "def double(n):\n    return n + n\n\n\ndef half(n):\n    return n / 2\n",
    }

    with pytest.raises(BadTask, match="no test imports 'half'"):
        load_task(write_task(tmp_path, files=files))


def test_a_canary_without_a_highest_score_is_refused(tmp_path: Path) -> None:
    folder = write_task(tmp_path, files={"canaries/extra.py": "pass\n"})

    with pytest.raises(BadTask, match=r"canaries/extra\.py: canaries\.extra: has no highest score"):
        load_task(folder)


def test_a_canary_without_a_file_is_refused(tmp_path: Path) -> None:
    folder = write_task(tmp_path, files={"canaries/wrong_constant.py": None})

    with pytest.raises(BadTask, match=r"canaries\.wrong_constant: has no file"):
        load_task(folder)


def test_an_oversize_canary_is_refused(tmp_path: Path) -> None:
    folder = write_task(tmp_path, files={"canaries/wrong_constant.py": "#" * (SOURCE_BYTES + 1)})

    with pytest.raises(BadTask, match=r"canaries\.wrong_constant: has \d+ bytes"):
        load_task(folder)


def test_a_file_nobody_reads_is_refused(tmp_path: Path) -> None:
    folder = write_task(tmp_path, files={"test_hiden.py": "pass\n"})

    with pytest.raises(BadTask, match=r"test_hiden\.py: is no part of a task"):
        load_task(folder)


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    folder = write_task(tmp_path)
    (folder / "instruction.md").write_bytes(b"caf\xe9\n")

    with pytest.raises(BadTask, match=r"instruction\.md: instruction: is not UTF-8"):
        load_task(folder)


def test_two_tasks_of_one_id_are_refused(tmp_path: Path) -> None:
    write_task(tmp_path / "one", "twin")
    write_task(tmp_path / "two", "twin")

    with pytest.raises(BadTask, match="another task is called 'twin'"):
        load([tmp_path / "one", tmp_path / "two"])


@pytest.mark.parametrize(("made", "reason"), [(False, "can not be read"), (True, "holds no task")])
def test_a_folder_without_tasks_is_refused(tmp_path: Path, made: bool, reason: str) -> None:
    folder = tmp_path / "extra"
    if made:
        folder.mkdir()

    with pytest.raises(BadTask, match=f"extra: {reason}"):
        load([folder])
