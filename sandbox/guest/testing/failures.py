"""Tell a test's failure, or why a file cannot be collected, in words one can act on."""

from types import TracebackType
from typing import Any, Final

from sandbox.guest.testing.difference import difference
from sandbox.guest.testing.explanation import Explanation
from sandbox.guest.testing.outcomes import CollectionFailed, Failed
from sandbox.guest.testing.representation import bounded_repr
from sandbox.guest.testing.source_text import SourceText
from sandbox.guest.testing.verdict import TEXT_CHARS, capped

_PYTEST_NAMES: Final = ("pytest", "sandbox.guest.testing.pytest_api")
_REASON_CHARS: Final = 500
_CALLERS: Final = 3
_UNITTEST_SIDES: Final = {
    "assertEqual": ("first", "second"),
    "assertNotEqual": ("first", "second"),
    "assertAlmostEqual": ("first", "second"),
    "assertCountEqual": ("first", "second"),
    "assertIs": ("expr1", "expr2"),
    "assertIn": ("member", "container"),
    "assertLess": ("a", "b"),
    "assertLessEqual": ("a", "b"),
    "assertGreater": ("a", "b"),
    "assertGreaterEqual": ("a", "b"),
}
_EQUALITIES: Final = ("assertEqual", "assertAlmostEqual")


def explain_failure(error: BaseException, file_name: str, source: SourceText) -> Explanation:
    """Say where in the test file `error` arose, what it says, and both sides of a comparison."""
    lines = _test_lines(error.__traceback__, file_name)
    place = "".join(f"line {line}: " for line in lines[-1:])
    explained = vars(error).get("explanation")
    if isinstance(explained, Explanation):
        message, expected, actual = explained
        message = f"{place}{message}"
    else:
        text = _text(error)
        name = "" if isinstance(error, Failed) else type(error).__name__
        told = f"{name}: {text}" if name and text else name or text
        sides, notes = _sides(error)
        code = source.line(lines[-1]) if lines else ""
        message = "\n".join([f"{place}{code}".rstrip(), told, *notes])
        expected, actual = sides if any(sides) else ("", capped(told))
    callers = [
        f"called from line {line}: {source.line(line)}"
        for line in list(dict.fromkeys(lines))[:_CALLERS]
        if line != lines[-1]
    ]
    notes = [str(note) for note in getattr(error, "__notes__", ())]
    return Explanation("\n".join([message, *notes, *callers]), expected, actual)


def collection_failure(error: BaseException, file_name: str, supported: str) -> CollectionFailed:
    """Say in one line why a test file cannot be collected, and where.

    Args:
        supported: What `pytest` offers here, told when something else was imported from it.
    """
    lines = _test_lines(error.__traceback__, file_name)
    line = lines[-1] if lines else 0
    if isinstance(error, SyntaxError) and error.filename == file_name:
        line = error.lineno or 0
    text = error.msg if isinstance(error, SyntaxError) else _text(error)
    if isinstance(error, ImportError) and error.name in _PYTEST_NAMES:
        text = f"{text.partition(' from ')[0]} from 'pytest'; supported: {supported}"
    if not isinstance(error, CollectionFailed):
        text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    place = f"{file_name}, line {line}" if line else file_name
    return CollectionFailed(capped(f"{place}: {' '.join(text.split())}", _REASON_CHARS))


def _test_lines(traceback: TracebackType | None, file_name: str) -> list[int]:
    lines = []
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file_name:
            lines.append(traceback.tb_lineno)
        traceback = traceback.tb_next
    return lines


def _text(error: BaseException) -> str:
    try:
        return capped(str(error), TEXT_CHARS)
    except Exception as unprintable:  # noqa: BLE001 - the test's own __str__, which may raise anything
        return f"(its text cannot be shown: {type(unprintable).__name__})"


def _sides(error: BaseException) -> tuple[tuple[str, str], list[str]]:
    if isinstance(error, Failed):
        return (error.expected, error.actual), []
    traceback = error.__traceback__ if isinstance(error, AssertionError) else None
    while traceback is not None:
        frame = traceback.tb_frame
        names = _UNITTEST_SIDES.get(frame.f_code.co_name)
        if names is not None and "__unittest" in frame.f_globals:
            actual, expected = (frame.f_locals.get(name) for name in names)
            equality = frame.f_code.co_name in _EQUALITIES
            return _both(actual, expected), difference(actual, expected) if equality else []
        traceback = traceback.tb_next
    return ("", ""), []


def _both(actual: Any, expected: Any) -> tuple[str, str]:
    return bounded_repr(expected), bounded_repr(actual)
