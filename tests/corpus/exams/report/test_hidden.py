import solution


def test_other_sum():
    done = solution.run(stdin="7000 919\n")
    assert done.stdout == "7919\n"
    assert done.exit_status == 0


def test_refusal():
    done = solution.run(stdin="forty two\n")
    assert done.exit_status == 2
    assert done.stdout == ""
    assert "not a number" in done.stderr


def test_arguments():
    assert solution.run(stdin="", argv=["40", "2"]).stdout == "42\n"
