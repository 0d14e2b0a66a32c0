import pytest
from solution import quiet, shout, total


def test_value():
    assert total([1, 2, 3]) == 6


def test_printed(capsys):
    total([1, 2])
    out, err = capsys.readouterr()
    assert out == "adding 2 values\nvalue=1;value=2;\n"
    assert err == "warning: äöü ☃\n"


def test_printed_by_a_function_without_result(capsys):
    assert shout("hello") is None
    assert capsys.readouterr().out == "HELLO\n"
    shout("again")
    assert capsys.readouterr().out == "AGAIN\n"


def test_nothing_printed(capsys):
    assert quiet("HELLO") == "hello"
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == ""


@pytest.mark.parametrize("word", ["one", "two"])
def test_own_prints_and_its_prints_in_order(capsys, word):
    print("before")
    shout(word)
    print("after")
    assert capsys.readouterr().out == f"before\n{word.upper()}\nafter\n"
