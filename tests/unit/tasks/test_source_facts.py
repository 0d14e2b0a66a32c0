import pytest

from tasks.source_facts import Broken, SourceFacts, facts_of


def facts(source: str) -> SourceFacts:
    found = facts_of(source)
    assert isinstance(found, SourceFacts)
    return found


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [("x = (", "'(' was never closed", 1), ("pass\nreturn 1", "'return' outside function", 2)],
)
def test_a_text_that_does_not_compile_says_where(source: str, message: str, line: int) -> None:
    assert facts_of(source) == Broken(message=message, line=line)


def test_a_null_byte_is_no_python() -> None:
    assert isinstance(facts_of("x = 1\0"), Broken)


def test_names_bound_at_the_top_level_are_defined_however_they_are_bound() -> None:
    source = (
        "import os\nfrom math import pi as tau\nif tau:\n    def f(): inner = 1\n"
        "class C:\n    y = 1\nx = print(unbound)\nfor i in (): pass\n"
    )

    assert facts(source).defined == {"os", "tau", "f", "C", "x", "i"}


def test_names_asked_of_solution_are_found_in_both_forms() -> None:
    source = "import solution as s\nfrom solution import a, b as c\ns.d(s.e)\nother.f()\nx.s.g()\n"

    assert facts(source).asked_of_solution == {"a", "b", "d", "e"}


def test_imports_inside_functions_are_foreign_too() -> None:
    source = "def f():\n    import numpy.linalg\n    from pandas import x\nimport os.path, pytest\n"

    assert facts(source).foreign_modules == {"numpy", "pandas"}


def test_tests_are_counted_as_pytest_collects_them() -> None:
    source = (
        "import unittest\ndef test_a(): pass\ndef helper(): pass\n"
        "class TestB:\n    def test_c(self): pass\n    def d(self): pass\n"
        "class Cases(unittest.TestCase):\n    def test_e(self): pass\n"
        "class Other:\n    def test_f(self): pass\n"
    )

    assert facts(source).test_count == 3
