import pytest
import solution


def test_input():
    done = solution.run(stdin="40 2\n")
    assert done.stdout == "42\n"
    assert done.stderr == ""
    assert done.exit_status == 0


def test_arguments():
    assert solution.run(stdin="", argv=["1", "2", "3"]).stdout == "6\n"


def test_refusal():
    done = solution.run(stdin="forty two")
    assert done.exit_status == 2
    assert done.stdout == ""
    assert "forty" in done.stderr


@pytest.mark.parametrize(("text", "total"), [("", 0), ("1", 1), ("-1\n1\n", 0), ("9 " * 1000, 9000)])
def test_many(text, total):
    assert solution.run(stdin=text).stdout == f"{total}\n"
