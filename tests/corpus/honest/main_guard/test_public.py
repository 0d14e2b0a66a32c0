import pytest
from solution import loaded, module_name, parse


def test_main_did_not_run():
    assert loaded() == ["module"]
    assert module_name() != "__main__"


def test_parse():
    assert parse(["a", "b", "--loud"]) == ["A", "B"]


def test_usage_error_exits(capsys):
    with pytest.raises(SystemExit):
        parse([])
    assert "usage: tool" in capsys.readouterr().err
