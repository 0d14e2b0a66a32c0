from pathlib import Path

import msgspec
import pytest

from tasks.__main__ import main
from tasks.catalogue import load
from tests.unit.tasks.task_folders import write_task


def test_list_prints_one_line_a_task(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["list"])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert [line.split()[0] for line in lines] == list(load())


def test_list_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["list", "--json"])

    rows = msgspec.json.decode(capsys.readouterr().out)
    assert code == 0
    assert rows[0] == {
        "id": "syntax_fix_invoice_totals",
        "kind": "syntax_fix",
        "difficulty": "easy",
        "split": "train",
        "title": "Make the invoice totals add up again",
    }


def test_show_prints_what_a_player_may_see(capsys: pytest.CaptureFixture[str]) -> None:
    task = load()["bug_fix_session_windows"]

    code = main(["show", task.id])

    shown = capsys.readouterr().out
    assert code == 0
    assert task.instruction.strip() in shown
    assert task.starter.strip() in shown
    assert task.test_public.strip() in shown
    assert ">= idle_timeout_minutes" not in shown
    assert "expected_windows" not in shown


def test_show_of_an_unknown_task_lists_what_exists(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["show", "nope"])

    captured = capsys.readouterr()
    assert (code, captured.out) == (2, "")
    assert "bug_fix_session_windows" in captured.err


def test_check_reads_further_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_task(tmp_path)

    code = main(["--path", str(tmp_path), "check"])

    assert code == 0
    assert "double: keeps the rules" in capsys.readouterr().out.splitlines()


def test_check_refuses_a_bad_task(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_task(tmp_path, files={"test_hidden.py": ""})

    code = main(["--path", str(tmp_path), "check"])

    captured = capsys.readouterr()
    assert (code, captured.out) == (1, "")
    assert captured.err == f"bad task: {folder}/test_hidden.py: test_hidden: holds no test\n"
