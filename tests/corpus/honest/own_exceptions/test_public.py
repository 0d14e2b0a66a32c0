import pytest
import solution
from solution import ParseProblem, QuotaExceeded, chain, grouped, parse, reserve


def test_no_error():
    assert reserve("ada", 3) == 7


def test_own_class():
    with pytest.raises(solution.QuotaExceeded):
        reserve("ada", 11)


def test_message():
    with pytest.raises(QuotaExceeded, match="ada used 11 of 10"):
        reserve("ada", 11)


def test_parent_class():
    with pytest.raises(solution.Problem):
        reserve("ada", 12)


def test_built_in_parent():
    with pytest.raises(ValueError):
        parse("seven")
    with pytest.raises(ParseProblem, match="seven"):
        parse("seven")


def test_class_that_is_no_entry_point():
    with pytest.raises(KeyError):
        chain({}, "x")
    with pytest.raises(LookupError):
        chain({}, "x")


def test_caught_by_hand():
    try:
        reserve("bob", 20)
    except QuotaExceeded as error:
        assert str(error) == "bob used 20 of 10"
    else:
        raise AssertionError("nothing was raised")


def test_group():
    assert grouped(["1", "x", "2", "y"]) == ["bad number 'x'", "bad number 'y'"]
