import solution


def test_sum():
    assert solution.run(stdin="40 2\n").stdout == "42\n"
