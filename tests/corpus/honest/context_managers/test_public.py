import pytest
from solution import nested, redirected, suppressed, transaction


def test_order():
    assert transaction(False) == ["enter outer", "enter inner", "OUTERINNER", "exit inner", "exit outer"]


def test_error():
    assert transaction(True)[-5:] == ["error bad", "exit inner", "error bad", "exit outer", "rolled back"]


def test_stack():
    assert nested(2) == ["enter 0", "enter 1", "exit 1", "exit 0"]


def test_suppressed():
    assert suppressed(lambda: 1 // 0) == "suppressed"
    assert suppressed(lambda: {}["x"]) == "suppressed"
    with pytest.raises(TypeError):
        suppressed(lambda: len(1))


def test_redirected(capsys):
    assert redirected("inside") == "inside"
    assert capsys.readouterr().out == ""
