import solution


def test_lines():
    assert solution.run(stdin="set a 1\nget a\nget b").stdout == "1\nunset\n"


def test_runs_are_apart():
    solution.run(stdin="set a 1\n")
    assert solution.run(stdin="get a\n").stdout == "unset\n"


def test_prompt():
    assert solution.run(stdin="get a\n", argv=["--prompt"]).stdout == "> unset\n> "


def test_leaving_with_words():
    done = solution.run(stdin="quit\nget a\n")
    assert done.exit_status == 1
    assert done.stderr == "bye\n"
    assert done.stdout == ""


def test_uncaught_error():
    done = solution.run(stdin="fail\n")
    assert done.exit_status == 1
    assert "KeyError: 'failed'" in done.stderr
    assert "Traceback" in done.stderr


def test_status():
    assert solution.run(stdin="leave 7\n").exit_status == 7


def test_unknown():
    assert solution.run(stdin="héllo\n").stdout == "what is 'héllo'?\n"
