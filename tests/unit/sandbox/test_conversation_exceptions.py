"""What the submission raises, as its tests see it."""

import asyncio
import json
import sys
from typing import Any, Final
from unittest.case import _ShouldStop  # type: ignore[attr-defined]

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sandbox.guest.decoding import Decoder
from sandbox.guest.exceptions import mirrored_class, rebuild
from sandbox.guest.loop_ends import LoopEnded
from sandbox.guest.nodes import Malformed
from sandbox.guest.testing import pytest_api
from tests.unit.sandbox.conversing import Table, called


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
