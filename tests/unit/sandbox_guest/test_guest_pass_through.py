"""An exception that belongs to the examiner leaves every test untouched, fixtures torn down."""

import sys
from textwrap import dedent

import pytest

from tests.unit.sandbox_guest.harness import Collect


class Gone(BaseException):
    passes_through_tests = True


class NotQuite(BaseException):
    passes_through_tests = False


def vanish() -> None:
    raise Gone


BODIES = {
    "plain": "vanish()",
    "in assert": "assert vanish() == 1",
    "raises": "with pytest.raises(Exception):\n    vanish()",
    "raises BaseException": "with pytest.raises(BaseException):\n    vanish()",
    "raises anything": "with pytest.raises(match=''):\n    vanish()",
    "raises callable": "pytest.raises(BaseException, vanish)",
    "except Exception": "try:\n    vanish()\nexcept Exception:\n    pass",
    "warns": "with pytest.warns(UserWarning):\n    vanish()",
    "finally": "try:\n    vanish()\nfinally:\n    print('left')",
    "comparison": "class Asked:\n    def __eq__(self, other):\n        vanish()\n\n"
    "assert [Asked()] == [1]",
    "shown": "class Shown:\n    def __repr__(self):\n        vanish()\n\nassert Shown() == 1",
}


@pytest.mark.parametrize(
    ("hidden", "name"),
    [(False, name) for name in BODIES] + [(True, name) for name in BODIES if name != "shown"],
)
def test_it_leaves_a_function(collect: Collect, hidden: bool, name: str) -> None:
    source = "import pytest\nfrom solution import vanish\n\ndef test_it():\n"
    source += "".join(f"    {line}\n" for line in BODIES[name].splitlines())
    (test,) = collect(source, hidden=hidden, vanish=vanish)

    with pytest.raises(Gone):
        test.run()


def test_it_leaves_asynchronous_tests(collect: Collect) -> None:
    source = dedent(
        """\
        import asyncio
        from solution import vanish

        async def call():
            vanish()

        async def test_it():
            await asyncio.gather(call(), asyncio.sleep(0))
        """
    )
    (test,) = collect(source, vanish=vanish)

    with pytest.raises(Gone):
        test.run()


def test_it_leaves_a_unittest_after_its_teardown_and_without_further_subtests(
    collect: Collect,
) -> None:
    log: list[str] = []
    source = dedent(
        """\
        import unittest
        from solution import log, vanish

        class Cases(unittest.TestCase):
            def setUp(self):
                self.addCleanup(log.append, "cleanup")
            def tearDown(self):
                log.append("tearDown")
            def test_it(self):
                for n in range(3):
                    with self.subTest(n=n):
                        log.append(str(n))
                        vanish()
        """
    )
    (test,) = collect(source, vanish=vanish, log=log)

    with pytest.raises(Gone):
        test.run()

    assert log == ["0", "tearDown", "cleanup"]


def test_every_fixture_is_torn_down_and_made_again_for_the_next_test(collect: Collect) -> None:
    log: list[str] = []
    source = dedent(
        """\
        import pytest
        from solution import log, vanish

        @pytest.fixture(scope="module")
        def wide():
            log.append("wide")
            yield
            log.append("~wide")

        @pytest.fixture
        def narrow(wide):
            log.append("narrow")
            yield
            log.append("~narrow")
            vanish()

        def test_goes(narrow):
            vanish()

        def test_next(wide):
            pass
        """
    )
    first, second = collect(source, vanish=vanish, log=log)

    with pytest.raises(Gone):
        first.run()
    verdict = second.run()

    assert verdict.passed
    assert log == ["wide", "narrow", "~narrow", "~wide", "wide", "~wide"]


def test_it_is_not_masked_by_an_error_in_teardown(collect: Collect) -> None:
    source = dedent(
        """\
        import pytest
        from solution import vanish

        @pytest.fixture
        def late():
            yield
            raise ValueError("late")

        @pytest.fixture
        def vanishing():
            yield
            vanish()

        def test_body(late):
            vanish()

        def test_teardown(late, vanishing):
            raise KeyError
        """
    )

    for test in collect(source, vanish=vanish):
        with pytest.raises(Gone):
            test.run()


def test_it_leaves_collection(collect: Collect) -> None:
    with pytest.raises(Gone):
        collect("from solution import vanish\nvanish()\n", vanish=vanish)


def test_streams_are_put_back(collect: Collect, capsys: pytest.CaptureFixture[str]) -> None:
    source = "from solution import vanish\ndef test_it():\n    print('inside')\n    vanish()\n"
    (test,) = collect(source, vanish=vanish)

    with pytest.raises(Gone):
        test.run()
    sys.stdout.write("outside\n")

    assert capsys.readouterr().out == "outside\n"


@pytest.mark.parametrize("error", [NotQuite, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_other_exceptions_are_failures(collect: Collect, error: type[BaseException]) -> None:
    source = "from solution import error\ndef test_it():\n    raise error\n"
    (test,) = collect(source, error=error)

    verdict = test.run()

    assert not verdict.passed
    assert error.__name__ in verdict.message
