"""What a failing test says is enough to act on."""

from textwrap import dedent
from typing import Any

import pytest

from tests.unit.sandbox_guest.harness import Examine


def told(examine: Examine, body: str, **solution: Any) -> tuple[str, str, str]:
    """Return message, expected and actual of one failing test with this body."""
    source = "import pytest\nfrom solution import *\n\ndef test_it():\n"
    source += "".join(f"    {line}\n" for line in dedent(body).strip().splitlines())
    verdict = examine(source, **solution)["test_it"]
    assert not verdict.passed
    return verdict.message, verdict.expected, verdict.actual


def double(x: int) -> int:
    return x * 2


def wrong(x: object) -> object:
    return x


@pytest.mark.parametrize(
    ("body", "expected", "actual"),
    [
        ("assert f(2) == 4", "4", "2"),
        ("assert 4 == f(2)", "4", "2"),
        ("want = 4\nassert f(2) == want", "4", "2"),
        ("assert f(2) == f(4)", "4", "2"),
        ("assert -4 == f(2)", "-4", "2"),
        ("assert [4, (5,)] == f([2])", "[4, (5,)]", "[2]"),
        ("assert f(2) != 2", "!= 2", "2"),
        ("assert f(2) < 1", "< 1", "2"),
        ("assert 3 < f(2)", "> 3", "2"),
        ("assert 1 < f(1) < 3", "> 1", "1"),
        ("assert 0 < f(3) < 3", "< 3", "3"),
        ("assert f(2) in [1, 3]", "in [1, 3]", "2"),
        ("assert 'a' in f('xyz')", "containing 'a'", "'xyz'"),
        ("assert 'x' not in f('xyz')", "not containing 'x'", "'xyz'"),
        ("assert f(2) is None", "None", "2"),
        ("assert f(None) is not None", "is not None", "None"),
        ("assert not f(2) == 2", "not == 2", "2"),
        ("assert f(0)", "a true value", "0"),
        ("assert not f([1])", "a false value", "[1]"),
        ("assert not not f([])", "a true value", "[]"),
        ("assert isinstance(f(2), str)", "str", "2 (int)"),
        ("assert not isinstance(f(2), (int, str))", "no (int, str)", "2 (int)"),
        ("assert all(x > 2 for x in f([1]))", "a true value", "False"),
        ("assert f(1) and f(0)", "a true value", "0"),
        ("assert f(1) == 1 and f(2) == 3", "3", "2"),
        ("assert f(1) == 2 or f(0)", "a true value", "f(1) == 2: 1 == 2; f(0) = 0"),
        ("assert f(0) or not f(1)", "a true value", "f(0) = 0; not f(1)"),
        ("assert not (f(1) and f(2))", "a false value", "f(1) = 1; f(2) = 2"),
        ("assert not 1 < f(2) < 3", "a false value", "1 = 1; f(2) = 2; 3 = 3"),
        ("assert f(1).bit_length() == 2", "2", "1"),
        ("with pytest.raises(ValueError):\n    f(1)", "raises ValueError", "no exception"),
        ("raise KeyError('k')", "", "KeyError: 'k'"),
        ("pytest.fail('because')", "", "because"),
        ("assert False", "a true value", "False"),
    ],
)
def test_both_sides_are_told(examine: Examine, body: str, expected: str, actual: str) -> None:
    _, told_expected, told_actual = told(examine, body, f=wrong)

    assert (told_expected, told_actual) == (expected, actual)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "rows = [[1, 2], [3, 4]]\nassert f(rows) == [[1, 2], [3, 5]]",
            """\
            line 6: assert f(rows) == [[1, 2], [3, 5]]
              actual:   [[1, 2], [3, 4]]
              expected: [[1, 2], [3, 5]]
              at [1][1]: 4, expected 5
              where rows = [[1, 2], [3, 4]]""",
        ),
        (
            "limit = 3\nassert len(f([1, 2])) == limit, 'too few'",
            """\
            line 6: too few
            assert len(f([1, 2])) == limit, 'too few'
              actual:   2
              expected: 3
              where f([1, 2]) = [1, 2]""",
        ),
        (
            "xs = f([1, 2])\nassert all(x > 1 for x in xs)",
            """\
            line 6: assert all(x > 1 for x in xs)
              actual:   False
              expected: a true value
              where xs = [1, 2]""",
        ),
        (
            "assert f(1.5) == pytest.approx(1.0, abs=0.1)",
            """\
            line 5: assert f(1.5) == pytest.approx(1.0, abs=0.1)
              actual:   1.5
              expected: 1.0 ± 0.1
              1.5 is not within 1.0 ± 0.1""",
        ),
        (
            "assert (\n    f(1)\n    == 2\n)",
            """\
            line 5: assert (
                f(1)
                == 2
            )
              actual:   1
              expected: 2""",
        ),
        (
            "assert f([1]) is f([1])",
            """\
            line 5: assert f([1]) is f([1])
              actual:   [1]
              expected: [1]
              equal looking, but not the same object""",
        ),
        (
            "with pytest.raises(ValueError):\n    f(1)",
            """\
            line 5: with pytest.raises(ValueError):
            DID NOT RAISE ValueError""",
        ),
        (
            "x = 1\nint('five')",
            """\
            line 6: int('five')
            ValueError: invalid literal for int() with base 10: 'five'""",
        ),
        (
            "raise SystemExit(3)",
            """\
            line 5: raise SystemExit(3)
            SystemExit: 3""",
        ),
        (
            "def check(n):\n    assert f(n) == 2\n\ncheck(2)\ncheck(3)",
            """\
            line 6: assert f(n) == 2
              actual:   3
              expected: 2
              where n = 3
            called from line 9: check(3)""",
        ),
        (
            "assert f('é') == 'ü' and 1",
            """\
            line 5: assert f('é') == 'ü' and 1
              actual:   'é'
              expected: 'ü'""",
        ),
    ],
)
def test_the_message_holds_place_values_and_difference(
    examine: Examine, body: str, message: str
) -> None:
    assert told(examine, body, f=wrong)[0] == dedent(message)


def test_a_failing_subtest_and_both_sides_of_assert_equal_are_told(examine: Examine) -> None:
    source = dedent(
        """\
        import unittest
        from solution import f

        class Cases(unittest.TestCase):
            def test_many(self):
                for n in range(3):
                    with self.subTest(n=n):
                        self.assertEqual(f([n]), [n, 1])
        """
    )

    verdict = examine(source, f=wrong)["Cases::test_many"]

    assert (verdict.expected, verdict.actual) == ("[0, 1]", "[0]")
    assert verdict.message.startswith("line 8: self.assertEqual(f([n]), [n, 1])\nAssertionError: ")
    assert "missing from the end: [1]" in verdict.message
    assert "in subTest (n=0)" in verdict.message


def test_a_skipping_test_fails(examine: Examine) -> None:
    source = dedent(
        """\
        import unittest

        class Cases(unittest.TestCase):
            def test_skips(self):
                self.skipTest("no time")

        def test_raises_skip():
            raise unittest.SkipTest("no time")
        """
    )

    verdicts = examine(source)

    assert not verdicts["Cases::test_skips"].passed
    assert "cannot pass: no time" in verdicts["Cases::test_skips"].message
    assert not verdicts["test_raises_skip"].passed


def test_what_is_printed_is_kept_apart_by_stream(examine: Examine) -> None:
    source = dedent(
        """\
        import sys

        def test_prints(capsys):
            print("one")
            assert capsys.readouterr().out == "one\\n"
            print("two \\ud800")
            print("three", file=sys.stderr)

        def test_is_silent():
            pass
        """
    )

    verdicts = examine(source)

    assert verdicts["test_prints"].output == "one\ntwo \\ud800\n[stderr]\nthree\n"
    assert verdicts["test_is_silent"].output == ""


def test_a_stream_kept_since_collection_still_works(examine: Examine) -> None:
    source = dedent(
        """\
        import sys
        kept = sys.stdout

        def test_closes():
            sys.stdout.close()

        def test_prints():
            print("new")

        def test_prints_more():
            print("more")
        """
    )

    verdicts = examine(source)

    assert [verdict.output for verdict in verdicts.values()] == ["", "new\n", "more\n"]
    assert all(verdict.passed for verdict in verdicts.values())


def test_hidden_tests_say_nothing(examine: Examine) -> None:
    source = dedent(
        """\
        from solution import f

        def test_fails():
            print("secret")
            assert f(1) == "secret"

        def test_passes():
            print("secret")
        """
    )

    verdicts = examine(source, hidden=True, f=wrong)

    assert verdicts["test_fails"] == (False, "", "", "", "")
    assert verdicts["test_passes"] == (True, "", "", "", "")


def test_texts_are_capped_also_of_large_values(examine: Examine) -> None:
    big = list(range(2_000_000))
    message, expected, actual = told(
        examine, "print('x' * 10_000_000)\nassert f(big) == big[1:]", f=wrong, big=big
    )

    assert max(map(len, (message, expected, actual))) <= 2000
    assert actual.startswith("[0, 1, 2,")
    assert actual.endswith("more]")


def test_an_exception_that_cannot_be_shown_still_fails_its_test(examine: Examine) -> None:
    source = dedent(
        """\
        class Odd(Exception):
            def __str__(self):
                raise KeyError("x")

        def test_odd():
            raise Odd
        """
    )

    verdict = examine(source)["test_odd"]

    assert not verdict.passed
    assert "Odd: (its text cannot be shown: KeyError)" in verdict.message


def test_an_error_in_teardown_fails_the_test_and_the_first_error_is_told(
    examine: Examine,
) -> None:
    source = dedent(
        """\
        import pytest

        @pytest.fixture
        def late():
            yield
            raise ValueError("late")

        def test_only_teardown(late):
            pass

        def test_both(late):
            raise KeyError("first")
        """
    )

    verdicts = examine(source)

    assert "ValueError: late" in verdicts["test_only_teardown"].message
    assert "KeyError: 'first'" in verdicts["test_both"].message
    assert not any(verdict.passed for verdict in verdicts.values())
