"""Calls between test and submission: arguments, changes, callbacks, iterators, forged answers."""

from collections import Counter, OrderedDict, defaultdict, deque
from typing import Any

import pytest

from sandbox.guest.lost import CandidateGone
from sandbox.guest.nodes import Unsendable
from tests.unit.sandbox.conversing import DEPTH, FRAME_BYTES, Table, called


def test_arguments_go_and_a_result_comes() -> None:
    assert called("def f(a, *b, c=0, **d): return [a, b, c, d]", 1, 2, c=3, e=4) == [
        1,
        (2,),
        3,
        {"e": 4},
    ]


@pytest.mark.parametrize(
    ("container", "change", "after"),
    [
        ([3, 1, 2], "x.sort()", [1, 2, 3]),
        ([1], "x.clear()", []),
        ({"a": 1}, "x['b'] = x.pop('a')", {"b": 1}),
        ({1, 2}, "x.add(3)", {1, 2, 3}),
        (bytearray(b"ab"), "x[0] = 99; x.append(100)", bytearray(b"cbd")),
        (deque([1, 2], maxlen=2), "x.append(3)", deque([2, 3], maxlen=2)),
        (Counter("aab"), "x.subtract('aaa')", Counter({"a": -1, "b": 1})),
        (OrderedDict(a=1, b=2), "x.move_to_end('a')", OrderedDict(b=2, a=1)),
        (defaultdict(list), "x['k'].append(1)", {"k": [1]}),
        ([2**70], "x[0] += 1", [2**70 + 1]),
        (["\ud800"], "x[0] += '!'", ["\ud800!"]),
    ],
    ids=lambda one: type(one).__name__ if not isinstance(one, str) else one,
)
def test_what_a_call_changed_is_changed_in_place(container: Any, change: str, after: Any) -> None:
    inside = container

    assert called(f"def f(x): {change}", container) is None

    assert inside == after
    assert type(inside) is type(container)


def test_nested_and_aliased_containers_change_where_they_are() -> None:
    inner: list[int] = [1]
    outer: dict[str, Any] = {"a": inner, "b": [inner, (inner,)]}
    again = outer["b"]

    called("def f(x):\n    x['a'].append(2)\n    x['b'].append(x['a'])\n    x['c'] = {}", outer)

    assert inner == [1, 2]
    assert outer == {"a": [1, 2], "b": [[1, 2], ([1, 2],), [1, 2]], "c": {}}
    assert outer["b"] is again
    assert again[2] is inner
    assert outer["a"] is inner


def test_a_container_that_was_only_read_is_left_alone() -> None:
    class Watched(list[int]):
        def __setitem__(self, *args: Any) -> None:
            raise AssertionError("nobody changed it")

    assert called("def f(x): return sum(x)", Watched([1, 2])) == 3


def test_a_subclass_of_the_tests_changes_in_place_too() -> None:
    class Own(list[int]):
        pass

    container = Own([1])

    called("def f(x): x.append(2)", container)

    assert container == [1, 2]
    assert type(container) is Own


def test_an_argument_that_comes_back_is_the_same_object() -> None:
    first: list[Any] = [1]
    second = {"k": [2]}

    result = called("def f(a, *, b): a.append(b); return [a, b, b['k'], a]", first, b=second)

    assert result[0] is first
    assert result[1] is second
    assert result[2] is second["k"]
    assert result[3] is first
    assert first[1] is second


def test_a_fresh_result_is_not_an_argument() -> None:
    argument = [1]

    assert called("def f(x): return list(x)", argument) is not argument


def test_changes_come_back_although_the_call_raised() -> None:
    argument: list[int] = []

    with pytest.raises(KeyError, match="gone"):
        called("def f(x):\n    x.append(1)\n    raise KeyError('gone')", argument)

    assert argument == [1]


def test_a_change_that_can_not_cross_is_told() -> None:
    with pytest.raises(TypeError, match="a object can not cross"):
        called("def f(x): x.append(object())", [])


@pytest.mark.parametrize("result", ["object()", "lambda: 0", "f", "__import__('os')"])
def test_a_result_that_can_not_cross_is_told_by_its_type(result: str) -> None:
    with pytest.raises(TypeError, match="can not cross: only plain data"):
        called(f"def f(): return [{result}]")


def test_a_result_beyond_the_frame_is_told() -> None:
    with pytest.raises(TypeError, match=f"at most {FRAME_BYTES} may cross"):
        called(f"def f(): return 'x' * {FRAME_BYTES}")


def test_a_result_nested_too_deep_is_told() -> None:
    source = f"def f():\n    x = []\n    for _ in range({DEPTH + 5}): x = [x]\n    return x"

    with pytest.raises(TypeError, match=f"deeper than {DEPTH} levels"):
        called(source)


def test_an_argument_that_can_not_cross_is_the_tests_own_mistake() -> None:
    with pytest.raises(Unsendable, match="a object can not cross"):
        called("def f(x): return 1", object())


def test_a_callback_runs_on_the_tests_side() -> None:
    seen: list[Any] = []

    def note(*args: Any, **named: Any) -> int:
        seen.append((args, named))
        return len(seen)

    assert called("def f(g): return [g(1, k=[2]), g((3,))]", note) == [1, 2]
    assert seen == [((1,), {"k": [2]}), (((3,),), {})]


def test_callbacks_call_the_submission_that_calls_back() -> None:
    source = "def f(n, back): return [n] + (back(n - 1) if n else [])"
    with Table(source) as table:

        def back(n: int) -> Any:
            return table.solution.f(n, back)

        assert table.solution.f(4, back) == [4, 3, 2, 1, 0]


def test_a_callbacks_argument_changes_in_the_submission() -> None:
    assert called("def f(g):\n    x = [3, 1]\n    g(x)\n    return x", list.sort) == [1, 3]


def test_what_a_callback_raises_is_what_the_test_sees_again() -> None:
    class Own(Exception):
        pass

    raised = Own("mine", 5)

    def fail() -> None:
        raise raised

    with pytest.raises(Own) as caught:
        called("def f(g): g()", fail)
    assert caught.value.args == ("mine", 5)
    assert called("def f(g):\n    try: g()\n    except Exception as e: return str(e)", fail) == str(
        raised
    )


def test_an_iterator_of_the_tests_is_taken_as_far_as_it_is_read() -> None:
    taken: list[int] = []

    def numbers() -> Any:
        for number in range(10):
            taken.append(number)
            yield number

    assert called("def f(x): return [next(x), next(x)]", numbers()) == [0, 1]
    assert taken == [0, 1]


def test_a_generator_of_the_submission_is_lazy() -> None:
    source = (
        "log = []\n"
        "def f():\n"
        "    for n in range(5):\n"
        "        log.append(n)\n"
        "        got = yield n\n"
        "        log.append(got)\n"
    )
    with Table(source) as table:
        stream = table.solution.f()
        assert next(stream) == 0
        assert stream.send("hello") == 1
        assert table.submission.log == [0, "hello", 1]
        assert list(stream) == [2, 3, 4]


@pytest.mark.parametrize(
    "patched",
    [
        "lambda *a: b'\\xc1'",
        "lambda *a: b'\\x90'",
        "lambda *a: _pack([99, 'ok', 1, None, 0])",
        "lambda *a: _pack([1, 'fine', 1, None, 0])",
        "lambda *a: _pack([1, 'ok', 1, None])",
        "lambda *a: _pack([1, 'ok', 1, None, [[]]])",
        "lambda *a: _pack([1, 'ok', {99: 1}, None, 0])",
        "lambda *a: _pack([1, 'ok', 1, [1, 2, 3], 0])",
        "lambda *a: _pack([1, 'raise', [1], None, 0])",
        "lambda *a: _pack([1, 'raise', [[], 'os:system', [], '', 0, {}], None, 0])",
        "lambda *a: _pack([1, 'raise', [[], 'builtins:print', [], '', 0, {}], None, 0])",
        "lambda *a: _pack([1, 'ok', {22: ['handle', 0, 'Solution']}, None, 0])",
        "lambda *a: _pack([1, 'ok', {22: ['theirs', 5, False]}, None, 0])",
        "lambda *a: _pack([1, 'call', 'callback', 0, b'\\x92\\x90\\x80'])",
        "lambda *a: _pack([1, 'call', 'perform', 'x', b'\\x92\\x90\\x80'])",
        "lambda *a: _pack([1, 'call', 'next', 0, b'\\x90'])",
    ],
)
def test_a_submission_that_forges_its_answers_is_gone(patched: str) -> None:
    source = (
        "from sandbox.guest.nodes import pack as _pack\n"
        "def f(reply):\n"
        "    return 1\n"
        f"forged = {patched}\n"
    )
    table = Table(source)
    conversation = table._candidate.conversation
    vars(conversation)["_reply"] = table.submission.forged
    with pytest.raises(CandidateGone) as caught, table:
        table.solution.f(0)
    assert caught.value.reason == "protocol"
