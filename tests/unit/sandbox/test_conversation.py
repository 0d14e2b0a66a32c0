import asyncio
import json
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Any, Final
from unittest.case import _ShouldStop  # type: ignore[attr-defined]

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sandbox.guest.decoding import Decoder
from sandbox.guest.exceptions import mirrored_class, rebuild
from sandbox.guest.loop_ends import LoopEnded
from sandbox.guest.lost import CandidateGone
from sandbox.guest.nodes import Malformed, Unsendable
from sandbox.guest.testing import pytest_api
from tests.unit.sandbox.conversing import DEPTH, FRAME_BYTES, Table


def called(source: str, *args: Any, **named: Any) -> Any:
    """Return what the submission's `f` answers."""
    with Table(source) as table:
        return table.solution.f(*args, **named)


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
    ("source", "kind", "args"),
    [
        ("raise ValueError('a', 1)", ValueError, ("a", 1)),
        ("{}['k']", KeyError, ("k",)),
        ("int('x')", ValueError, ("invalid literal for int() with base 10: 'x'",)),
        ("raise SystemExit(3)", SystemExit, (3,)),
        ("raise KeyboardInterrupt", KeyboardInterrupt, ()),
        ("open('/nowhere/at/all')", FileNotFoundError, (2, "No such file or directory")),
        ("b'\\xff'.decode()", UnicodeDecodeError, ("utf-8", b"\xff", 0, 1, "invalid start byte")),
        ("raise ArithmeticError(dict)", ArithmeticError, (dict,)),
        ("raise ArithmeticError(open)", ArithmeticError, ("<built-in function open>",)),
    ],
)
def test_a_built_in_exception_arrives_as_itself(
    source: str, kind: type[BaseException], args: tuple[Any, ...]
) -> None:
    with pytest.raises(kind) as caught:
        called(f"def f(): {source}")

    assert type(caught.value) is kind
    assert caught.value.args == args


def reraise(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize(
    "source",
    [
        "raise StopIteration([1])",
        "raise StopAsyncIteration",
        "raise GeneratorExit",
        "raise type('Own', (StopIteration,), {})",
        f"raise __import__('asyncio').{asyncio.CancelledError.__name__}",
    ],
)
def test_what_would_end_a_tests_loop_arrives_as_an_error_that_raises_knows(source: str) -> None:
    with pytest.raises(LoopEnded) as caught:
        called(f"def f(): {source}")

    kind = type(caught.value.in_place_of)
    expecting: Any = pytest_api.raises(kind)
    with expecting as known:
        reraise(caught.value)
    assert known.value is caught.value.in_place_of


def test_a_private_exception_of_a_library_is_a_class_of_the_submissions_own() -> None:
    with pytest.raises(Exception, match=r"^left$") as caught:
        called("from unittest.case import _ShouldStop\ndef f(): raise _ShouldStop('left')")

    assert type(caught.value) is not _ShouldStop
    assert type(caught.value).__module__ == "solution"


def test_an_exception_of_the_standard_library_arrives_as_itself() -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        called("import json\ndef f(): json.loads('{')")

    assert type(caught.value) is json.JSONDecodeError
    assert caught.value.pos == 1
    assert caught.value.doc == "{"


OWN_ERRORS = """
class ShopError(Exception): pass
class QuotaExceeded(ShopError, ValueError):
    def __init__(self, used, limit):
        super().__init__(f"{used} of {limit}")
        self.used, self.limit = used, limit
class DiskError(OSError): pass
class Missing(KeyError):
    def __str__(self): return "missing " + self.args[0]
def f(which):
    if which == "quota": raise QuotaExceeded(7, [5])
    if which == "disk": raise DiskError(28, "full")
    raise Missing("it")
"""


def test_an_own_exception_class_is_mirrored_with_its_bases() -> None:
    with Table(OWN_ERRORS) as table:
        quota, shop = table.solution.QuotaExceeded, table.solution.ShopError
        with pytest.raises(quota, match=r"7 of \[5\]") as caught:
            table.solution.f("quota")

    assert issubclass(quota, shop)
    assert issubclass(quota, ValueError)
    assert type(caught.value) is quota
    assert (caught.value.used, caught.value.limit) == (7, [5])
    assert quota.__name__ == "QuotaExceeded"


def test_an_own_exception_with_a_base_of_its_own_layout_is_mirrored() -> None:
    with Table(OWN_ERRORS) as table, pytest.raises(table.solution.DiskError) as caught:
        table.solution.f("disk")

    assert isinstance(caught.value, OSError)
    assert caught.value.errno == 28
    assert caught.value.args == (28, "full")


def test_an_own_exceptions_text_is_what_it_says() -> None:
    with Table(OWN_ERRORS) as table, pytest.raises(LookupError) as caught:
        table.solution.f("missing")

    assert str(caught.value) == "missing it"


def test_the_line_of_the_submission_comes_along() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        called("def f():\n    x = 0\n    return 1 / x\n")

    assert vars(caught.value)["submission_line"] == 3


def test_a_container_in_an_exceptions_args_keeps_its_number_after_one_that_can_not_cross() -> None:
    argument: list[int] = []
    source = "def f(x):\n    y = [1]\n    raise ValueError([2, object()], y, y, x)"

    with pytest.raises(ValueError, match="object") as caught:
        called(source, argument)

    text, first, second, third = caught.value.args
    assert "object object" in text
    assert first == [1]
    assert first is second
    assert third is argument


def test_an_exception_of_a_module_the_test_has_not_loaded_is_mirrored() -> None:
    ancestry = [["Error", ["builtins:ValueError"], "turtledemo.clock:Error"]]
    node = [ancestry, 0, ["no"], "no", 0, {}]

    made = rebuild(node, Decoder(9, lambda node: node), mirrored_class)

    assert "turtledemo.clock" not in sys.modules
    assert isinstance(made, ValueError)
    assert (type(made).__name__, made.args, str(made)) == ("Error", ("no",), "no")


TREES: Final = st.recursive(
    st.one_of(
        st.none(),
        st.integers(-1, 9),
        st.text(max_size=3),
        st.sampled_from(
            ["builtins:OSError", "builtins:print", "os:system", "json:JSONDecodeError"]
        ),
        st.sampled_from(["builtins:BaseExceptionGroup", "builtins:StopIteration", "x:y", ":", ""]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=6), st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=20,
)


@settings(max_examples=1000)
@given(st.tuples(TREES, TREES, TREES, st.text(max_size=3), st.integers(0, 9), TREES).map(list))
@example([[["A", ["builtins:OSError", "builtins:StopIteration"], None]], 0, [], "", 0, {}])
@example([[["A", ["builtins:OSError", "builtins:OSError"], None]], 0, [], "", 0, {}])
@example([[["\0", ["builtins:OSError"], None]], 0, [], "", 0, {}])
@example([[], "builtins:ExceptionGroup", ["m", []], "", 0, {"args": 5, "__class__": 0}])
@example([[], "builtins:UnicodeDecodeError", [1], "", 0, {}])
@example([[], "builtins:Exception", 5, "", 0, {}])
@example([[["A", 5, None]], 0, [], "", 0, {}])
def test_an_exceptions_node_is_an_exception_or_malformed(node: Any) -> None:
    try:
        made = rebuild(node, Decoder(9, lambda node: node), mirrored_class)
    except Malformed:
        return
    assert isinstance(made, BaseException)


ACCOUNT = """
class Account:
    def __init__(self, owner, balance=0): self.owner, self.balance = owner, balance
    def deposit(self, amount): self.balance += amount; return self
    def __eq__(self, other): return isinstance(other, Account) and other.balance == self.balance
    def __hash__(self): return 5
    def __add__(self, n): return Account(self.owner, self.balance + n)
    def __radd__(self, n): return n + self.balance
    def __len__(self): return self.balance
    def __getitem__(self, key): return (self.owner, key)
    def __contains__(self, n): return n <= self.balance
    def __iter__(self): return iter([self.owner, self.balance])
    def __repr__(self): return f"Account({self.owner!r})"
    def __enter__(self): return self
    def __exit__(self, kind, value, tb): return kind is not None and issubclass(kind, ValueError)
    def __bool__(self): return False
    @property
    def doubled(self): return self.balance * 2
    @classmethod
    def of(cls, owner): return cls(owner)
class Savings(Account): pass
class Always:
    def __eq__(self, other): return True
def stream(): yield 1
def f(kind="Account", *a): return globals()[kind]("ann", *a)
"""


@pytest.fixture
def bank() -> Any:
    with Table(ACCOUNT, ("f",), ("Account", "Always")) as table:
        yield table.solution


def test_an_instance_of_an_exported_class_is_used_where_it_lives(bank: Any) -> None:
    account = bank.Account("ann", balance=5)

    assert account.deposit(2) is account
    assert (account.owner, account.balance, account.doubled) == ("ann", 7, 14)
    assert (account + 1).balance == 8
    assert 1 + account == 8
    assert len(account) == 7
    assert account["k"] == ("ann", "k")
    assert 7 in account
    assert 8 not in account
    assert list(account) == ["ann", 7]
    assert repr(account) == "Account('ann')"
    assert not account
    account.balance = 1
    assert account.doubled == 2
    del account.owner
    with pytest.raises(AttributeError, match="owner"):
        account.owner  # noqa: B018 - asking is the point
    assert isinstance(account, bank.Account)
    assert not isinstance(5, bank.Account)
    assert bank.Account.of("bob").owner == "bob"
    assert hash(account) == 5


def test_two_instances_are_compared_by_the_submission(bank: Any) -> None:
    assert bank.Account("a", 1) == bank.Account("b", 1)
    assert bank.Account("a", 1) != bank.Account("a", 2)


def test_an_instance_is_never_equal_to_plain_data(bank: Any) -> None:
    always = bank.Always()

    plain: Any
    for plain in (0, 1, None, "x", [], (), {}, True, 1.5):
        assert not always == plain  # noqa: SIM201 - both operators are meant
        assert not plain == always  # noqa: SIM201
        assert always != plain
        assert plain != always
    assert always not in [1, 2, 3]
    assert [always] != [1]


def test_an_instance_of_a_subclass_is_one_of_the_exported_class(bank: Any) -> None:
    assert bank.f("Savings", 3).balance == 3
    assert isinstance(bank.f("Savings", 3), bank.Account)


def test_an_instance_may_be_an_argument_and_comes_back_as_itself(bank: Any) -> None:
    account = bank.f("Account", 3)

    assert (account == account) is True  # noqa: PLR0124 - the submission is asked
    with account as entered:
        assert entered is account
        raise ValueError("swallowed by __exit__")


def test_a_class_that_is_not_exported_can_not_be_used(bank: Any) -> None:
    with pytest.raises(AttributeError, match="a class that the task does not export"):
        bank.Savings  # noqa: B018 - asking is the point


def test_a_proxy_outlives_its_process_as_a_text_only(bank: Any) -> None:
    account = bank.Account("ann")
    deposit, stream = account.deposit, bank.stream()
    bank.__dict__["_solution"].disconnect()

    assert repr(account) == "<Account, whose process has ended>"
    uses: list[Callable[[], Any]] = [
        lambda: account.deposit,
        lambda: deposit(1),
        lambda: account + 1,
        account,
        account.__enter__,
        lambda: account.__exit__(None, None, None),
        lambda: next(stream),
        lambda: stream.send(1),
        lambda: bank.f("Account", deposit),
        lambda: bank.f("Account", stream),
        lambda: bank.f("Account", account),
    ]
    for use in uses:
        with pytest.raises(Unsendable, match="a submission process that has ended"):
            use()


def test_a_function_that_is_not_declared_is_found_by_its_name() -> None:
    with Table("def f(): pass\ndef other(x): return x + 1\nLIMIT = [1]") as table:
        assert table.solution.other(1) == 2
        assert table.solution.LIMIT == [1]
        with pytest.raises(AttributeError):
            table.solution.nothing  # noqa: B018 - asking is the point


def test_a_missing_entry_point_fails_the_call() -> None:
    with pytest.raises(AttributeError, match="'f'"):
        called("x = 1")


def test_an_attribute_that_a_test_passes_and_nobody_has_is_told() -> None:
    with Table("def f(g): return 1", ("f", "g")) as table, pytest.raises(AttributeError):
        table.solution.f(table.solution.g)


def test_functions_of_the_submission_are_arguments_by_name() -> None:
    with Table("def f(g, x): return g(x)\ndef g(x): return x * 2", ("f", "g")) as table:
        assert table.solution.f(table.solution.g, 4) == 8
        assert table.solution.f(len, "abc") == 3


@pytest.mark.parametrize(
    "patched",
    [
        "lambda *a: b'\\xc1'",
        "lambda *a: b'\\x90'",
        "lambda *a: _pack([99, 'ok', 1, None, False])",
        "lambda *a: _pack([1, 'fine', 1, None, False])",
        "lambda *a: _pack([1, 'ok', {99: 1}, None, False])",
        "lambda *a: _pack([1, 'ok', 1, [1, 2, 3], False])",
        "lambda *a: _pack([1, 'raise', [1], None, False])",
        "lambda *a: _pack([1, 'raise', [[], 'os:system', [], '', 0, {}], None, False])",
        "lambda *a: _pack([1, 'raise', [[], 'builtins:print', [], '', 0, {}], None, False])",
        "lambda *a: _pack([1, 'ok', {22: ['handle', 0, 'Solution']}, None, False])",
        "lambda *a: _pack([1, 'ok', {22: ['theirs', 5, False]}, None, False])",
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
