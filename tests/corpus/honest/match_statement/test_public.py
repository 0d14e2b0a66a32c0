import pytest
from solution import classify, describe, evaluate


def test_evaluate():
    assert evaluate(["+", 1, ["+", 2.5, 3]]) == 6.5
    with pytest.raises(SyntaxError):
        evaluate(["*", 1, 2])


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ({"type": "click", "at": (1, 2)}, "click at 1,2"),
        ({"type": "click", "at": [1, 2], "shift": True}, "click at 1,2 with ['shift']"),
        ({"type": "key", "key": "q"}, "key q"),
        ({"type": "key", "key": "F1"}, "unknown"),
        ([], "nothing"),
        ([None], "one: empty"),
        ([False, 1, 2], "empty and 2 more"),
    ],
)
def test_describe(event, text):
    assert describe(event) == text
