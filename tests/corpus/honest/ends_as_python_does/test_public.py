import pytest
import solution


@pytest.mark.parametrize(
    ("mode", "printed"),
    [
        ("exit", "from an exit function\n"),
        ("thread", "from a thread\n"),
        ("file", "from a file left open"),
    ],
)
def test_all_that_was_printed_arrives(mode, printed):
    ended = solution.run(argv=[mode])
    assert ended.stdout == printed
    assert ended.exit_status == 0
