import solution


def test_counts():
    done = solution.run(stdin="b a\na\n")
    assert done.stdout == "a 2\nb 1\n"


def test_empty():
    assert solution.run(stdin="").stdout == ""


def test_run_as_main():
    assert solution.run(stdin="").stderr == "True 1 __main__\n"


def test_large():
    done = solution.run(stdin="word\n" * 20_000)
    assert done.stdout == "word 20000\n"
