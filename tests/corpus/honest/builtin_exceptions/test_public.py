import pytest
from solution import fail, guarded, strict_sqrt

KINDS = {
    "index": IndexError,
    "key": KeyError,
    "attribute": AttributeError,
    "type": TypeError,
    "zero": ZeroDivisionError,
    "unicode": UnicodeDecodeError,
    "stop": StopIteration,
    "assert": AssertionError,
    "file": OSError,
    "overflow": OverflowError,
    "not_implemented": NotImplementedError,
    "other": ValueError,
}


@pytest.mark.parametrize("kind", KINDS)
def test_kind(kind):
    with pytest.raises(KINDS[kind]):
        fail(kind)


def test_arguments():
    with pytest.raises(ValueError) as caught:
        fail("other")
    assert caught.value.args == ("unknown", "other", 7)
    with pytest.raises(KeyError) as missing:
        fail("key")
    assert missing.value.args == ("missing",)


def test_match():
    with pytest.raises(AssertionError, match="not true"):
        fail("assert")


def test_guarded():
    assert guarded("zero") == "ZeroDivisionError"


def test_good_after_bad():
    with pytest.raises(ArithmeticError):
        strict_sqrt(-1)
    assert strict_sqrt(9) == 3.0
