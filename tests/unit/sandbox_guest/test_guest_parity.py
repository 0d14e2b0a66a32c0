"""The guest's runner finds the same tests as pytest, in the same order, with the same verdicts."""

import json
import subprocess
import sys
import textwrap
import warnings
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

SOLUTION = """
class QuotaExceeded(ValueError):
    pass

def double(x):
    return x * 2

def fail_with(error):
    raise error

async def later(x):
    return x

def shout(text):
    print(text.upper())
"""

FILES = {
    "functions": """
        import functools
        from solution import double

        def test_passes():
            assert double(2) == 4

        def test_fails():
            assert double(2) == 5

        def test_errs():
            raise KeyError("k")

        def test_exits():
            raise SystemExit(0)

        def helper():
            assert False

        def testwithoutunderscore():
            assert double("a") == "aa"

        def test_optional(value=3):
            assert value == 3

        test_lambda = lambda: None
        test_not_a_function = 5

        def test_switched_off():
            assert False
        test_switched_off.__test__ = False

        def noisy(function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                return function(*args, **kwargs)
            return wrapper

        @noisy
        def test_wrapped(capsys):
            print("x")
            assert capsys.readouterr().out == "x\\n"

        class Callable:
            def __call__(self):
                assert False
        test_instance = Callable()
    """,
    "asserts": """
        import pytest
        from solution import double

        CALLS = []

        def called(value):
            CALLS.append(value)
            return value

        @pytest.fixture(autouse=True)
        def fresh():
            CALLS.clear()

        def test_and_stops_early():
            with pytest.raises(AssertionError):
                assert called(0) and called(1)
            assert CALLS == [0]

        def test_or_stops_early():
            assert called(0) or called(2) or called(3)
            assert CALLS == [0, 2]

        def test_failing_or_asks_all():
            with pytest.raises(AssertionError):
                assert called(0) or called("") or not called(1)
            assert CALLS == [0, "", 1]

        def test_mixed_logic():
            with pytest.raises(AssertionError):
                assert called(1) and (called(0) or called(0) and called(5)) and called(7)
            assert CALLS == [1, 0, 0]

        def test_not_and():
            with pytest.raises(AssertionError):
                assert not (called(1) and called(2))
            assert CALLS == [1, 2]

        def test_not_or():
            with pytest.raises(AssertionError):
                assert not (called(0) or called(2) or called(3))
            assert CALLS == [0, 2]

        def test_chain_passes():
            assert called(1) < called(2) <= called(2) != called(5)
            assert CALLS == [1, 2, 2, 5]

        def test_walrus():
            assert (n := called(3)) == 3 and n + 1 == 4
            assert n == 3

        def test_walrus_in_message():
            with pytest.raises(AssertionError, match="^got 5"):
                assert (n := called(5)) == 3, f"got {n}"

        def test_message_is_evaluated_only_on_failure():
            assert called(1), called("message")
            assert CALLS == [1]

        def test_message_is_evaluated_once():
            with pytest.raises(AssertionError):
                assert called(1) and called(0) and called(2), called("message")
            assert CALLS == [1, 0, "message"]

        def test_message_object():
            with pytest.raises(AssertionError):
                assert False, {"a": 1}

        def test_conditional():
            assert called(1) if called(True) else called(2)
            assert CALLS == [True, 1]

        def test_lambda_and_comprehensions():
            assert (lambda a: a == called(1))(1)
            assert [x for x in called([1, 2]) if x > 1] == [2]
            assert all(x > 0 for x in called([1, 2]))
            assert {k: v for k, v in zip("ab", [1, 2])} == {"a": 1, "b": 2}

        def test_generator_expression_fails():
            assert all(x > 1 for x in [1, 2])

        def test_membership_and_identity():
            assert "a" in "abc" and 5 not in [1] and None is None and 1 is not None
            assert not 5 in {1, 2}

        def test_fstring_and_subscripts():
            rows = {"a": [1, 2]}
            assert f"{rows['a'][1]}" == "2" and rows["a"][-1:] == [2]
            assert rows["a"][called(0)] == 1

        def test_starred_and_keywords():
            assert max(*[1, 2], key=called(lambda x: -x)) == 1
            assert dict(**{"a": 1}, b=called(2)) == {"a": 1, "b": 2}

        def test_nested_function_and_loop():
            def inner(x):
                assert x < 3
                return x
            for x in range(3):
                assert inner(x) == x
            else:
                assert True
            with pytest.raises(AssertionError):
                inner(3)

        def test_try_finally():
            try:
                assert 1 == 2
            except AssertionError:
                assert True
            finally:
                assert 2 == 2

        def test_match():
            match {"a": 1}:
                case {"a": x}:
                    assert x == 2

        def test_closure():
            total = 0
            def add(n):
                nonlocal total
                total += n
                assert total == n
            add(2)
            assert total == 2

        def test_super():
            class A:
                def f(self):
                    return 1
            class B(A):
                def f(self):
                    assert super().f() == 1
                    return 2
            assert B().f() == 2

        def test_truth_is_asked_once():
            class Truth:
                count = 0
                def __bool__(self):
                    Truth.count += 1
                    return Truth.count == 1
            assert Truth()
            assert Truth.count == 1

        def test_rich_comparison_results():
            class Vector:
                def __eq__(self, other):
                    return []
            assert Vector() == 1

        def test_values_are_let_go():
            import gc
            import weakref
            class Thing:
                pass
            thing = Thing()
            reference = weakref.ref(thing)
            assert reference() is not None
            del thing
            gc.collect()
            assert reference() is None

        def test_name_rebound_in_assert():
            n = 1
            assert n == (n := 2)

        def test_in_generator():
            def numbers():
                for i in range(3):
                    assert i != 2
                    yield i
            assert list(numbers()) == [0, 1]

        async def test_awaits():
            from solution import later
            assert await later(2) == 2
            assert (await later([5]))[0] == 6
    """,
    "future": '''
        """A docstring stays the docstring."""
        from __future__ import annotations
        import dataclasses

        @dataclasses.dataclass
        class Point:
            x: int
            other: Undefined = None

        def test_docstring():
            """And of functions."""
            assert __doc__ == "A docstring stays the docstring."
            assert test_docstring.__doc__ == "And of functions."

        def test_annotations():
            assert Point(1).x == 1 and Point.__annotations__["x"] == "int"

        def test_module_name():
            import sys
            assert sys.modules[__name__].Point is Point
    ''',
    "parametrize": r"""
        import enum
        import re
        import pytest

        class Colour(enum.Enum):
            RED = 1

        class Level(enum.IntEnum):
            LOW = 1

        @pytest.mark.parametrize("x", [1, 2.5, True, None, "a b", b"\xe9", "é\n", 1j])
        def test_plain_ids(x):
            assert x != 2.5

        @pytest.mark.parametrize("x", [Colour.RED, Level.LOW, int, len, re.compile("a+"), [1], {}, object])
        def test_named_ids(x):
            pass

        @pytest.mark.parametrize("a,b", [(1, 2), (3, 4)])
        def test_two(a, b):
            assert a + 1 == b and a < 3

        @pytest.mark.parametrize(("a", "b"), [[1, (2, 3)], pytest.param(4, [5], id="named")])
        def test_sequences(a, b):
            pass

        @pytest.mark.parametrize("a,", [(1,), (2,)])
        def test_trailing_comma(a):
            assert a in (1, 2)

        @pytest.mark.parametrize(["a"], [(1,), (2,)])
        def test_one_in_a_list(a):
            assert a in (1, 2)

        @pytest.mark.parametrize("x", [(1, 2), [3]])
        def test_single_is_not_unpacked(x):
            assert len(x) > 0

        @pytest.mark.parametrize("x", ["a", "b"])
        @pytest.mark.parametrize("y", [1, 2])
        def test_stacked(x, y):
            assert (x, y) != ("b", 2)

        @pytest.mark.parametrize("x", [1, 2, 3], ids=["one", None, "drei"])
        def test_listed_ids(x):
            pass

        @pytest.mark.parametrize("x", [1, 2, (3,)], ids=lambda v: f"<{v}>" if v != 2 else None)
        def test_function_ids(x):
            pass

        @pytest.mark.parametrize("x,y", [(1, 2)], ids=repr)
        def test_repr_ids(x, y):
            pass

        @pytest.mark.parametrize("x", [1, 2], ids=(str(i) for i in (7, 8)))
        def test_generated_ids(x):
            pass

        @pytest.mark.parametrize("x", ["a", "a", "1", "1", "b"])
        def test_duplicate_ids(x):
            pass

        @pytest.mark.parametrize("x", ["a" * 100, "b" * 101, ""])
        def test_long_ids(x):
            pass

        @pytest.mark.parametrize(argnames="x", argvalues=range(3))
        def test_keywords(x):
            assert x < 2

        @pytest.mark.slow
        @pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.slow)])
        @pytest.mark.anything(1, a=2)
        def test_marks(x):
            pass

        @pytest.mark.parametrize("k", [1, 2])
        class TestClass:
            @pytest.mark.parametrize("m", ["x", "y"])
            def test_both(self, k, m):
                assert k == 1

            def test_own(self, k):
                assert k

        two = pytest.mark.parametrize("v", [1, 2])

        @two
        def test_shared_mark(v):
            assert v
    """,
    "module_marks": """
        import pytest
        pytestmark = [pytest.mark.parametrize("n", [1, 2]), pytest.mark.slow]

        def test_one(n):
            assert n

        class TestIn:
            pytestmark = pytest.mark.parametrize("m", [3])
            def test_two(self, n, m):
                assert n + m == 4

        class TestInherits(TestIn):
            @pytest.mark.parametrize("o", [0])
            def test_three(self, n, m, o):
                assert True
    """,
    "classes": """
        import abc
        import dataclasses

        class TestA:
            shared = []
            def test_b(self):
                self.x = 1
                self.shared.append(1)
            def test_a(self):
                assert not hasattr(self, "x") and self.shared == [1]
            @staticmethod
            def test_static():
                assert True
            @classmethod
            def test_class(cls):
                assert cls.shared
            def helper(self):
                assert False
            class TestInner:
                def test_deep(self):
                    assert 1 == 2
            class Other:
                def test_not_collected(self):
                    assert False

        class TestBase:
            def test_base(self):
                assert self.value == 1
            value = 1

        class TestDerived(TestBase):
            value = 2
            def test_own(self):
                pass
            def test_base2(self):
                pass

        class TestOverride(TestBase):
            def test_zero(self):
                pass
            def test_base(self):
                pass

        class NotATest:
            def test_x(self):
                assert False

        class TestOff:
            __test__ = False
            def test_x(self):
                assert False

        @dataclasses.dataclass
        class TestData:
            x: int

        class TestAbstract(abc.ABC):
            @abc.abstractmethod
            def make(self): ...
            def test_made(self):
                assert self.make() == 1

        class TestConcrete(TestAbstract):
            def make(self):
                return 1
    """,
    "xunit": """
        LOG = []

        def setup_module(module):
            LOG.append("module " + module.__name__)
        def teardown_module():
            LOG.append("gone")
        def setup_function(function):
            LOG.append("set " + function.__name__)
        def teardown_function():
            LOG.append("torn")

        def test_first():
            assert LOG == ["module " + __name__, "set test_first"]
        def test_second():
            assert LOG[-2:] == ["torn", "set test_second"]

        class TestX:
            def setup_class(cls):
                LOG.append(cls.__name__)
                cls.made = 5
            @classmethod
            def teardown_class(cls):
                LOG.append("class gone")
            def setup_method(self, method):
                self.method = method.__name__
            def teardown_method(self):
                LOG.append("method gone")
            def test_method(self):
                assert self.method == "test_method" and self.made == 5
                assert LOG[-1] == "TestX"
            def test_other(self):
                assert LOG[-1] == "method gone"
                assert self.method == "test_method"

        class TestBroken:
            def setup_method(self):
                raise ValueError("broken")
            def test_x(self):
                pass

        class TestBrokenTeardown:
            def teardown_method(self):
                raise ValueError("broken")
            def test_y(self):
                pass

        class TestBrokenClass:
            @classmethod
            def setup_class(cls):
                raise ValueError("broken")
            def test_z(self):
                pass
            def test_zz(self):
                pass

        def test_last():
            assert LOG.count("class gone") == 1 and LOG.count("gone") == 0
    """,
    "unittests": """
        import unittest
        import pytest
        from solution import double, fail_with

        LOG = []

        @pytest.fixture(autouse=True)
        def logged():
            LOG.append("fixture")
            yield
            LOG.append("gone")

        class DoubleTest(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.shared = 1
            def setUp(self):
                self.own = 2
                self.addCleanup(LOG.append, "cleanup")
            def tearDown(self):
                LOG.append("tearDown")
            def test_zebra(self):
                self.assertEqual(double(2), 4)
                self.assertEqual((self.shared, self.own), (1, 2))
            def test_apple(self):
                self.assertEqual(double(2), 5)
            def test_many(self):
                for i in range(3):
                    with self.subTest(i=i):
                        self.assertNotEqual(i, 1)
            def test_all_subtests_pass(self):
                for i in range(3):
                    with self.subTest(i=i):
                        self.assertLess(i, 3)
            def test_raises(self):
                with self.assertRaises(ValueError) as caught:
                    fail_with(ValueError("bad"))
                self.assertIn("bad", str(caught.exception))
                self.assertRaisesRegex(KeyError, "k", fail_with, KeyError("k"))
            def test_not_raised(self):
                with self.assertRaises(ValueError):
                    pass
            def test_exits(self):
                raise SystemExit(3)
            def test_almost(self):
                self.assertAlmostEqual(0.1 + 0.2, 0.3)
                self.assertCountEqual([1, 2], [2, 1])
                self.assertDictEqual({"a": 1}, {"a": 1})
            def test_plain_assert(self):
                assert double(1) == 3
            def test_skips_nothing_else(self):
                self.assertTrue(True)
            def test_z_log(self):
                self.assertIn("cleanup", LOG)
                self.assertEqual(LOG[-1], "fixture")

        class TestBrokenSetUp(unittest.TestCase):
            def setUp(self):
                raise ValueError("x")
            def test_a(self):
                pass

        class BrokenClass(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                raise ValueError("x")
            def test_a(self):
                pass

        class Single(unittest.TestCase):
            def runTest(self):
                self.assertTrue(double(1))

        class Async(unittest.IsolatedAsyncioTestCase):
            async def asyncSetUp(self):
                self.ready = True
            async def test_waits(self):
                self.assertTrue(self.ready)
            async def test_fails(self):
                self.assertFalse(self.ready)

        class Mixin:
            def test_mixed(self):
                self.assertTrue(self.flag)

        class MixedIn(Mixin, unittest.TestCase):
            flag = True
    """,
    "fixtures": """
        import pytest

        LOG = []

        @pytest.fixture
        def base():
            LOG.append("base")
            yield 1
            LOG.append("~base")

        @pytest.fixture
        def derived(base):
            LOG.append("derived")
            yield base + 1
            LOG.append("~derived")

        @pytest.fixture(name="renamed")
        def other_name():
            return "r"

        @pytest.fixture(scope="module")
        def shared():
            LOG.append("shared")
            yield []
            LOG.append("~shared")

        @pytest.fixture(scope="session")
        def whole(shared):
            pytest.fail("never")

        @pytest.fixture(scope="class")
        def per_class():
            LOG.append("per_class")
            return object()

        @pytest.fixture
        def broken():
            raise ValueError("broken")

        @pytest.fixture
        def broken_teardown():
            yield 1
            raise ValueError("late")

        @pytest.fixture
        def never_yields():
            if False:
                yield 1

        @pytest.fixture
        def yields_twice():
            yield 1
            yield 2

        @pytest.fixture
        def factory():
            made = []
            def make(x):
                made.append(x)
                return made
            return make

        def test_order(derived, base):
            assert (derived, base) == (2, 1)
            assert LOG == ["base", "derived"]

        def test_torn_down_in_reverse(shared):
            assert LOG == ["base", "derived", "~derived", "~base", "shared"]
            shared.append(1)

        def test_shared(shared, renamed):
            assert shared == [1] and renamed == "r"

        def test_broken(broken):
            pass

        def test_broken_teardown(broken_teardown):
            assert broken_teardown == 1

        def test_never_yields(never_yields):
            pass

        def test_yields_twice(yields_twice):
            pass

        def test_factory(factory):
            factory(1)
            assert factory(2) == [1, 2]

        class TestScoped:
            seen = []

            @pytest.fixture
            def own(self, base):
                self.mark = base
                return base * 10

            @pytest.fixture
            def base(self, base):
                return base + 100

            def test_own(self, own, per_class):
                assert own == 1010 and self.mark == 101
                self.seen.append(per_class)

            def test_same(self, per_class):
                assert self.seen == [per_class]

        class TestAgain:
            def test_new_one(self, per_class):
                assert per_class not in TestScoped.seen

        class TestAuto:
            @pytest.fixture(autouse=True)
            def prepared(self, base):
                self.ready = base
            def test_ready(self):
                assert self.ready == 1

        @pytest.mark.usefixtures("base")
        def test_uses():
            assert LOG[-1] == "base"

        @pytest.mark.usefixtures("base")
        class TestUses:
            def test_it(self):
                assert LOG[-1] == "base"

        @pytest.mark.parametrize("base", [7])
        def test_overridden(derived, base):
            assert derived == 8

        @pytest.mark.parametrize("x", [1, 2])
        def test_mixed(x, base):
            assert base == x

        def test_keyword_only(*, base):
            assert base == 1

        def test_default_is_no_fixture(base, derived=5):
            assert derived == 5

        @pytest.fixture
        def finalized(request):
            request.addfinalizer(lambda: LOG.append("finalized"))
            return request.function.__name__

        def test_finalized(finalized):
            assert finalized == "test_finalized"

        def test_was_finalized():
            assert LOG[-1] == "finalized"

        def test_called_directly():
            base()
    """,
    "fixture_params": """
        import pytest

        @pytest.fixture(params=[1, "two", (3,)])
        def number(request):
            return request.param

        @pytest.fixture(params=["x", "y"], ids=["ex", "why"])
        def letter(request):
            yield request.param

        @pytest.fixture
        def both(number, letter):
            return (number, letter)

        def test_number(number):
            assert number != "two"

        def test_both(both):
            assert both[1] in "xy"

        @pytest.mark.parametrize("extra", ["e", "f"])
        def test_with_mark(extra, number):
            assert extra and number

        @pytest.mark.parametrize("number", [9])
        def test_mark_wins(number):
            assert number == 9

        @pytest.fixture(params=[pytest.param(1, id="eins")])
        def named(request):
            return request.param

        def test_named(named):
            assert named == 1

        @pytest.fixture(params=[[1], {"a": 2}])
        def unhashable(request):
            return request.param

        def test_unhashable(unhashable):
            assert unhashable
    """,
    "autouse_order": """
        import pytest

        LOG = []

        @pytest.fixture(autouse=True)
        def zeta():
            LOG.append("zeta")

        @pytest.fixture(autouse=True)
        def alpha():
            LOG.append("alpha")

        @pytest.fixture(autouse=True, scope="module")
        def wide():
            LOG.append("wide")

        @pytest.fixture
        def asked():
            LOG.append("asked")

        def setup_function():
            LOG.append("setup_function")

        def test_order(asked):
            assert LOG == ["wide", "setup_function", "alpha", "zeta", "asked"]

        class TestClass:
            @pytest.fixture(autouse=True)
            def beta(self):
                LOG.append("beta")
            def setup_method(self):
                LOG.append("setup_method")
            def test_order(self):
                assert LOG[5:] == ["alpha", "zeta", "setup_method", "beta"]
    """,
    "raising": """
        import re
        import pytest
        import solution
        from solution import fail_with, QuotaExceeded

        def test_raises():
            with pytest.raises(ValueError):
                fail_with(ValueError("bad value"))

        def test_did_not_raise():
            with pytest.raises(ValueError):
                pass

        def test_wrong_one():
            with pytest.raises(KeyError):
                fail_with(ValueError())

        def test_match():
            with pytest.raises(ValueError, match=r"v.lue$"):
                fail_with(ValueError("bad value"))

        def test_no_match():
            with pytest.raises(ValueError, match="good"):
                fail_with(ValueError("bad value"))

        def test_compiled_match():
            with pytest.raises(ValueError, match=re.compile("BAD", re.I)):
                fail_with(ValueError("bad value"))

        def test_match_sees_notes():
            error = ValueError("x")
            error.add_note("noted")
            with pytest.raises(ValueError, match="noted"):
                raise error

        def test_tuple():
            with pytest.raises((KeyError, ValueError)) as info:
                fail_with(KeyError("k"))
            assert info.type is KeyError and info.value.args == ("k",)
            assert info.typename == "KeyError" and info.match("k")
            assert str(info.value) == "'k'" and info.errisinstance(LookupError)

        def test_info_match_fails():
            with pytest.raises(ValueError) as info:
                fail_with(ValueError("a"))
            info.match("b")

        def test_callable():
            info = pytest.raises(ValueError, fail_with, ValueError("x"))
            assert info.value.args == ("x",)

        def test_callable_with_keywords():
            pytest.raises(ValueError, fail_with, error=ValueError("x"))

        def test_callable_does_not_raise():
            pytest.raises(ValueError, int, "5")

        def test_own_exception():
            with pytest.raises(solution.QuotaExceeded):
                fail_with(QuotaExceeded("x"))

        def test_bad_argument():
            pytest.raises("ValueError")

        def test_unknown_keyword():
            with pytest.raises(ValueError, message="x"):
                fail_with(ValueError())

        def test_check():
            with pytest.raises(ValueError, check=lambda e: e.args == (1,)):
                fail_with(ValueError(1))

        def test_match_alone():
            with pytest.raises(match="x"):
                fail_with(OSError("x"))

        def test_nothing_expected():
            with pytest.raises():
                pass

        def test_fail_is_no_exception():
            with pytest.raises(Exception):
                pytest.fail("no")

        def test_fail_not_swallowed():
            try:
                pytest.fail("no")
            except Exception:
                pass

        def test_fail_can_be_expected():
            with pytest.raises(pytest.fail.Exception, match="why"):
                pytest.fail("why")

        def test_nested():
            with pytest.raises(KeyError):
                with pytest.raises(ValueError):
                    fail_with(KeyError())

        def test_system_exit():
            with pytest.raises(SystemExit) as info:
                raise SystemExit(3)
            assert info.value.code == 3

        def test_group():
            with pytest.raises(ExceptionGroup) as info:
                raise ExceptionGroup("g", [ValueError(1)])
            assert len(info.value.exceptions) == 1
    """,
    "warning": """
        import warnings
        import pytest

        def warn(kind=UserWarning, text="careful"):
            warnings.warn(text, kind)
            return 5

        def test_warns():
            with pytest.warns(UserWarning) as record:
                warn()
            assert len(record) == 1 and str(record[0].message) == "careful"

        def test_does_not_warn():
            with pytest.warns(UserWarning):
                pass

        def test_other_warning():
            with pytest.warns(DeprecationWarning):
                warn()

        def test_match():
            with pytest.warns(UserWarning, match="^care"):
                warn()

        def test_no_match():
            with pytest.warns(UserWarning, match="free"):
                warn()

        def test_callable():
            assert pytest.warns(UserWarning, warn) == 5

        def test_deprecated():
            with pytest.deprecated_call():
                warn(DeprecationWarning)
            assert pytest.deprecated_call(warn, PendingDeprecationWarning) == 5

        def test_not_deprecated():
            with pytest.deprecated_call():
                warn()

        def test_twice_is_seen_twice():
            for _ in range(2):
                with pytest.warns(UserWarning):
                    warn()

        def test_raised_inside():
            with pytest.warns(UserWarning):
                warn()
                raise ValueError("x")

        def test_unmatched_is_warned_again():
            with pytest.warns(DeprecationWarning):
                with pytest.warns(UserWarning):
                    warn(DeprecationWarning)
                    warn()
    """,
    "builtin_fixtures": """
        import logging
        import os
        import sys
        import pytest
        from pathlib import Path
        from solution import shout

        handler = logging.StreamHandler()

        class Settings:
            level = 1
            @staticmethod
            def make():
                return "made"

        def test_capsys(capsys: pytest.CaptureFixture[str]):
            shout("a")
            print("err", file=sys.stderr)
            out, err = capsys.readouterr()
            assert (out, err) == ("A\\n", "err\\n")
            assert capsys.readouterr().out == ""
            shout("b")
            captured = capsys.readouterr()
            assert captured.out == "B\\n" and captured.err == ""

        def test_capsys_fails(capsys):
            shout("a")
            assert capsys.readouterr().out == "b"

        def test_streams_look_real():
            sys.stdout.write("x")
            sys.stdout.flush()
            sys.stdout.buffer.write(b"y")
            assert sys.stdout.encoding.lower() == "utf-8" and sys.stdout.writable()
            print("\\xe9\\u20ac")

        def test_setattr(monkeypatch: pytest.MonkeyPatch):
            monkeypatch.setattr(Settings, "level", 2)
            monkeypatch.setattr(Settings, "make", lambda: "faked")
            monkeypatch.setattr("os.path.sep", "|")
            monkeypatch.setattr(Settings, "new", 3, raising=False)
            assert Settings.level == 2 and os.path.sep == "|" and Settings.make() == "faked"

        def test_setattr_undone():
            assert Settings.level == 1 and os.path.sep == "/" and not hasattr(Settings, "new")
            assert Settings.make() == "made" and Settings().make() == "made"

        def test_setattr_missing(monkeypatch):
            monkeypatch.setattr(Settings, "missing", 1)

        def test_instance_attribute(monkeypatch):
            settings = Settings()
            monkeypatch.setattr(settings, "level", 5)
            assert settings.level == 5
            monkeypatch.undo()
            assert settings.level == 1 and vars(settings) == {}

        def test_delattr(monkeypatch):
            monkeypatch.delattr(Settings, "level")
            assert not hasattr(Settings, "level")
            monkeypatch.delattr(Settings, "nothing", raising=False)

        def test_delattr_undone():
            assert Settings.level == 1

        def test_items(monkeypatch):
            data = {"a": 1}
            monkeypatch.setitem(data, "a", 2)
            monkeypatch.setitem(data, "b", 3)
            monkeypatch.delitem(data, "a")
            assert data == {"b": 3}
            monkeypatch.undo()
            assert data == {"a": 1}

        def test_environment(monkeypatch):
            monkeypatch.setenv("SOME_NAME", "1")
            monkeypatch.setenv("SOME_NAME", "0", prepend=":")
            assert os.environ["SOME_NAME"] == "0:1"
            monkeypatch.delenv("SOME_NAME")
            monkeypatch.delenv("SOME_NAME", raising=False)
            assert "SOME_NAME" not in os.environ

        def test_environment_undone():
            assert "SOME_NAME" not in os.environ

        def test_context(monkeypatch):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Settings, "level", 9)
                assert Settings.level == 9
            assert Settings.level == 1

        def test_chdir(monkeypatch, tmp_path):
            before = os.getcwd()
            monkeypatch.chdir(tmp_path)
            assert Path.cwd() == tmp_path.resolve()
            monkeypatch.undo()
            assert os.getcwd() == before

        def test_tmp_path(tmp_path):
            file = tmp_path / "a.txt"
            file.write_text("x")
            assert file.read_text() == "x" and tmp_path.is_dir()
            assert list(tmp_path.iterdir()) == [file]

        def test_tmp_path_is_fresh(tmp_path):
            assert list(tmp_path.iterdir()) == []

        def test_request(request):
            assert request.function.__name__ == "test_request" and request.cls is None
    """,
    "approximate": """
        import datetime
        import decimal
        import pytest

        def test_scalars():
            assert 0.1 + 0.2 == pytest.approx(0.3)
            assert 1 + 1e-7 == pytest.approx(1)
            assert pytest.approx(1) == 1 + 1e-7
            assert 1.1 != pytest.approx(1)

        def test_scalar_fails():
            assert 1.1 == pytest.approx(1)

        def test_sequences():
            assert [0.1 + 0.2, 1] == pytest.approx([0.3, 1])
            assert (0.1 + 0.2, 1) == pytest.approx([0.3, 1])

        def test_sequence_fails():
            assert [1.0, 2.0, 3.0] == pytest.approx([1.0, 2.1, 3.0])

        def test_mapping():
            assert {"a": 0.1 + 0.2} == pytest.approx({"a": 0.3})
            assert {"a": 1} != pytest.approx({"b": 1})
            assert {"a": None, "b": 1.0000001} == pytest.approx({"a": None, "b": 1})

        def test_mapping_fails():
            assert {"a": 1.0} == pytest.approx({"a": 2.0})

        def test_booleans():
            assert True == pytest.approx(True)
            assert 1 != pytest.approx(True)
            assert True == pytest.approx(1)

        def test_nested():
            pytest.approx([[1]])

        def test_set():
            pytest.approx({1, 2})

        def test_truth():
            assert pytest.approx(1)

        def test_order():
            assert 1 < pytest.approx(2)

        def test_nan():
            assert float("nan") == pytest.approx(float("nan"), nan_ok=True)
            assert float("nan") != pytest.approx(float("nan"))

        def test_decimal():
            assert decimal.Decimal("1.0000001") == pytest.approx(decimal.Decimal(1))

        def test_times():
            now = datetime.datetime(2024, 1, 1)
            second = datetime.timedelta(seconds=1)
            assert now == pytest.approx(now + second / 2, abs=second)
            assert now != pytest.approx(now + second * 2, abs=second)
            assert second == pytest.approx(second * 1.001, rel=0.01)

        def test_unhashable():
            hash(pytest.approx(1))
    """,
    "asynchronous": """
        import asyncio
        import pytest
        from solution import later

        async def test_passes():
            assert await later(1) == 1

        async def test_fails():
            await asyncio.sleep(0)
            assert await later(1) == 2

        @pytest.mark.asyncio
        @pytest.mark.parametrize("x", [1, 2])
        async def test_parametrized(x):
            assert await asyncio.gather(later(x), later(2)) == [1, 2]

        class TestAsync:
            async def test_method(self, capsys):
                print("a")
                assert capsys.readouterr().out == "a\\n"

        def test_synchronous():
            assert asyncio.run(later(3)) == 3
    """,
}

CONFTEST = """
import json
import os

def pytest_runtest_logreport(report):
    line = json.dumps([report.nodeid, report.when, report.outcome])
    with open("outcomes.jsonl", "a") as file:
        file.write(line + "\\n")
"""

PYTEST_INI = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bool]]:
    """Whether each test of each file passed under pytest itself, in the order they ran."""
    folder = tmp_path_factory.mktemp("parity")
    for name, source in FILES.items():
        (folder / f"test_{name}.py").write_text(textwrap.dedent(source))
    (folder / "solution.py").write_text(SOLUTION)
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "pytest.ini").write_text(PYTEST_INI)
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--tb=line"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    outcomes: dict[str, dict[str, bool]] = defaultdict(dict)
    for line in (folder / "outcomes.jsonl").read_text().splitlines():
        node, _when, outcome = json.loads(line)
        file, _, name = node.partition("::")
        passed = outcomes[file].get(name, True) and outcome == "passed"
        outcomes[file][name] = passed
    return outcomes


@pytest.mark.parametrize("hidden", [False, True], ids=["public", "hidden"])
@pytest.mark.parametrize("name", FILES)
def test_the_same_tests_pass_as_under_pytest(
    name: str,
    hidden: bool,
    real: dict[str, dict[str, bool]],
    examine: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    solution: dict[str, object] = {}
    exec(SOLUTION, solution)

    with warnings.catch_warnings():
        warnings.simplefilter("default")
        verdicts = examine(textwrap.dedent(FILES[name]), hidden=hidden, **solution)

    expected = real[f"test_{name}.py"]
    assert {test: verdict.passed for test, verdict in verdicts.items()} == expected
    assert list(verdicts) == list(expected)
    assert any(expected.values())
