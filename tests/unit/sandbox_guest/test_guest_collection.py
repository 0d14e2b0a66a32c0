"""What cannot be collected is refused in one line that names the place."""

import marshal
from textwrap import dedent

import pytest

from sandbox.guest.testing import collection, outcomes
from tests.unit.sandbox_guest.harness import Collect, Examine

REFUSED = {
    "syntax": ("x = 1\ndef test(:\n", "test_file.py, line 2: SyntaxError: invalid syntax"),
    "null byte": ("x = '\0'\n", "test_file.py: SyntaxError: source code string cannot contain"),
    "raises": ("x = 1\n\ny = x / 0\n", "test_file.py, line 3: ZeroDivisionError: division by zero"),
    "raises deeper": (
        "def f():\n    int('x')\nf()\n",
        "test_file.py, line 2: ValueError: invalid literal for int() with base 10: 'x'",
    ),
    "exits": ("import unittest\nraise SystemExit(0)\n", "test_file.py, line 2: SystemExit: 0"),
    "assert": ("x = 1\nassert x == 2\n", "test_file.py, line 2: AssertionError"),
    "missing module": (
        "import numpy_that_is_not_there\n",
        "test_file.py, line 1: ModuleNotFoundError: No module named 'numpy_that_is_not_there'",
    ),
    "missing name": (
        "from solution import nothing\n",
        "test_file.py, line 1: ImportError: cannot import name 'nothing' from 'solution'",
    ),
    "pytest attribute": (
        "import pytest\nx = pytest.skip\n",
        "test_file.py, line 2: AttributeError: pytest.skip is not supported here; supported: ",
    ),
    "pytest import": (
        "from pytest import importorskip\n",
        "test_file.py, line 1: ImportError: cannot import name 'importorskip' from 'pytest'",
    ),
    "skip": (
        "import pytest\n\n@pytest.mark.skip\ndef test_a(): pass\n",
        "test_file.py, line 3: pytest.mark.skip is refused: a skipped test would be a silent hole",
    ),
    "skipif": (
        "import pytest\n\n@pytest.mark.skipif(True, reason='x')\ndef test_a(): pass\n",
        "test_file.py, line 3: pytest.mark.skipif is refused",
    ),
    "xfail": (
        "import pytest\npytestmark = pytest.mark.xfail(reason='x')\n",
        "test_file.py, line 2: pytest.mark.xfail is refused",
    ),
    "skip of a parameter": (
        "import pytest\nX = [pytest.param(1, marks=pytest.mark.skip)]\n",
        "test_file.py, line 2: pytest.mark.skip is refused",
    ),
    "unittest skip": (
        (
            "import unittest\nclass A(unittest.TestCase):\n"
            "    @unittest.skip('x')\n    def test_a(self): pass\n"
        ),
        "test_file.py: test_a is skipped, which would be a silent hole",
    ),
    "unittest class skip": (
        (
            "import unittest\n@unittest.skip('x')\nclass A(unittest.TestCase):\n"
            "    def test_a(self): pass\n"
        ),
        "test_file.py: test_a is skipped, which would be a silent hole",
    ),
    "unittest expected failure": (
        (
            "import unittest\nclass A(unittest.TestCase):\n"
            "    @unittest.expectedFailure\n    def test_a(self): pass\n"
        ),
        "test_file.py: test_a is expected to fail, so it decides nothing",
    ),
    "unittest parametrize": (
        (
            "import pytest, unittest\nclass A(unittest.TestCase):\n"
            "    @pytest.mark.parametrize('x', [1])\n    def test_a(self, x): pass\n"
        ),
        "test_file.py: test_a: parametrize does not work in a unittest.TestCase; use subTest",
    ),
    "unknown fixture": (
        "x = 1\ndef test_a(capfd): pass\n",
        (
            "test_file.py: test_a, line 2: fixture 'capfd' does not exist;"
            " there are: capsys, monkeypatch, tmp_path"
        ),
    ),
    "fixture of another class": (
        (
            "import pytest\nclass TestA:\n    @pytest.fixture\n    def x(self): pass\n"
            "def test_b(x): pass\n"
        ),
        "test_file.py: test_b, line 5: fixture 'x' does not exist",
    ),
    "fixture circle": (
        (
            "import pytest\n@pytest.fixture\ndef a(b): pass\n@pytest.fixture\ndef b(a): pass\n"
            "def test_a(a): pass\n"
        ),
        "test_file.py: test_a, line 6: fixture 'a' asks for itself",
    ),
    "fixture outlives": (
        (
            "import pytest\n@pytest.fixture(scope='module')\ndef a(capsys): pass\n"
            "def test_a(a): pass\n"
        ),
        "fixture 'a' lives longer than 'capsys', which it asks for",
    ),
    "fixture outlives parameter": (
        (
            "import pytest\n@pytest.fixture(scope='module')\ndef a(x): pass\n"
            "@pytest.mark.parametrize('x', [1])\ndef test_a(a, x): pass\n"
        ),
        "fixture 'a' lives longer than 'x', which it asks for",
    ),
    "asynchronous fixture": (
        "import pytest\n@pytest.fixture\nasync def a(): pass\ndef test_a(a): pass\n",
        "fixture 'a' must be a plain function or a generator function",
    ),
    "fixture scope": (
        "import pytest\n@pytest.fixture(scope='galaxy')\ndef a(): pass\n",
        "test_file.py, line 2: TypeError: fixture() takes scope=function|class|module",
    ),
    "no parameters": (
        "import pytest\n@pytest.mark.parametrize('x', [])\ndef test_a(x): pass\n",
        "test_file.py: test_a, line 2: parametrize of x has no values",
    ),
    "parameter count": (
        "import pytest\n@pytest.mark.parametrize('x,y', [(1,)])\ndef test_a(x, y): pass\n",
        "test_file.py: test_a, line 2: parametrize of x, y got 1 values in one set",
    ),
    "unused parameter": (
        "import pytest\n@pytest.mark.parametrize('y', [1])\ndef test_a(): pass\n",
        "test_file.py: test_a, line 2: the test takes no argument y",
    ),
    "parameter with default": (
        "import pytest\n@pytest.mark.parametrize('y', [1])\ndef test_a(y=2): pass\n",
        "test_file.py: test_a, line 2: the test takes no argument y, or has a default for it",
    ),
    "parameter twice": (
        (
            "import pytest\n@pytest.mark.parametrize('y', [1])\n"
            "@pytest.mark.parametrize('y', [2])\ndef test_a(y): pass\n"
        ),
        "test_file.py: test_a, line 2: parametrize fills one argument twice: y, y",
    ),
    "id count": (
        "import pytest\n@pytest.mark.parametrize('y', [1, 2], ids=['a'])\ndef test_a(y): pass\n",
        "parametrize has 2 parameter sets and 1 ids",
    ),
    "indirect": (
        "import pytest\n@pytest.mark.parametrize('y', [1], indirect=True)\ndef test_a(y): pass\n",
        "parametrize(indirect=...) is not supported",
    ),
    "generator": (
        "def test_a():\n    yield\n",
        "test_file.py: test_a, line 1: a test that yields would never run",
    ),
    "asynchronous generator": (
        "async def test_a():\n    yield\n",
        "test_file.py: test_a, line 1: a test that yields would never run",
    ),
    "partial": (
        "import functools\ntest_a = functools.partial(print)\n",
        "test_file.py: test_a is a functools.partial; write a function",
    ),
    "constructor": (
        "class TestA:\n    def __init__(self): pass\n    def test_a(self): pass\n",
        "test_file.py: class TestA has a constructor, so its tests cannot be run",
    ),
}


@pytest.mark.parametrize("hidden", [False, True], ids=["public", "hidden"])
@pytest.mark.parametrize(("source", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_is_refused_with_place_and_reason(
    collect: Collect, source: str, reason: str, hidden: bool
) -> None:
    with pytest.raises(outcomes.CollectionFailed) as refused:
        collect(source, hidden=hidden)

    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) <= 500


def test_the_reason_of_a_missing_pytest_name_lists_what_there_is(collect: Collect) -> None:
    with pytest.raises(outcomes.CollectionFailed, match=r"supported: .*approx, .*raises"):
        collect("from pytest import skip\n")


def test_tests_are_named_in_file_order(collect: Collect) -> None:
    source = dedent(
        """\
        import pytest

        def test_b(): pass

        class TestC:
            @pytest.mark.parametrize("x", [1, "a"])
            def test_y(self, x): pass

        def test_a(): pass
        """
    )

    tests = collect(source, hidden=True)

    names = [test.name for test in tests]
    assert names == ["test_b", "TestC::test_y[1]", "TestC::test_y[a]", "test_a"]
    assert all(test.hidden for test in tests)


def test_what_is_imported_is_not_collected(examine: Examine) -> None:
    def test_everything() -> None:
        raise AssertionError

    class TestThings:
        def test_nothing(self) -> None:
            raise AssertionError

    source = (
        "from unittest import TestCase\nfrom solution import test_everything, TestThings\n"
        "def test_own(): pass\n"
    )

    verdicts = examine(source, test_everything=test_everything, TestThings=TestThings)

    assert list(verdicts) == ["test_own"]


def test_a_file_without_tests_has_none(collect: Collect) -> None:
    assert collect("x = 1\n") == []


def test_printing_while_collecting_goes_nowhere(
    collect: Collect, capsys: pytest.CaptureFixture[str]
) -> None:
    collect("print('loud')\n")

    assert capsys.readouterr().out == ""


def test_warnings_of_the_compiler_do_not_matter(examine: Examine) -> None:
    source = "def test_a():\n    assert '\\d' is not 5\n    assert (1, 'always')\n"

    assert examine(source)["test_a"].passed


def test_two_files_of_one_name_live_side_by_side(collect: Collect) -> None:
    source = "import sys\nX = N\ndef test_a():\n    assert sys.modules[__name__].X == N\n"

    (first,) = collect(source.replace("N", "1"))
    (second,) = collect(source.replace("N", "2"))

    assert first.run().passed
    assert second.run().passed


def test_code_compiled_before_gives_the_same_verdicts(collect: Collect) -> None:
    source = "def test_a():\n    assert 1 == 1\n    assert [1] == [2]\n"
    code = collection.compiled("test_file.py", source, hidden=False)
    again = marshal.loads(marshal.dumps(code))  # noqa: S302 - our own code
    (fresh,) = collect(source)

    (cached,) = collection.collect("test_file.py", source, hidden=False, modules={}, code=again)

    assert cached.run() == fresh.run()


def test_tests_may_import_their_modules_while_they_run(examine: Examine) -> None:
    source = dedent(
        """\
        def test_late():
            import pytest
            from solution import f
            with pytest.raises(KeyError):
                {}[f]
        """
    )

    assert examine(source, f=1)["test_late"].passed
