"""Imports the submission as the module `solution`, and says why where that fails."""

import sys
from types import ModuleType, TracebackType
from typing import Final

from sandbox.exam import LoadError
from sandbox.guest.words import encodable

FILE_NAME: Final = "solution.py"
_MESSAGE_CHARS: Final = 2000
_LINE_CHARS: Final = 500
_NAME_CHARS: Final = 200


def load(source: str) -> ModuleType:
    """Import the submission.

    Raises:
        BaseException: What compiling or running it raised.
    """
    module = ModuleType("solution")
    module.__file__ = FILE_NAME
    sys.modules["solution"] = module
    code = compile(source, FILE_NAME, "exec", dont_inherit=True)
    exec(code, module.__dict__)
    return module


def load_error(raised: BaseException) -> LoadError:
    """Return what the author of the submission should know."""
    kind = encodable(type(raised).__name__)
    if isinstance(raised, SyntaxError):
        return LoadError(
            type=kind,
            message=_text(raised.msg),
            line=_position(raised.lineno),
            column=_position(raised.offset),
            text=_text(raised.text or "").rstrip("\n")[:_LINE_CHARS],
        )
    return LoadError(type=kind, message=_text(raised), line=line_in(raised.__traceback__))


def shortened(error: LoadError) -> LoadError:
    """Return an error with texts as `load_error` makes them: a submission may send its own."""
    return LoadError(
        type=error.type[:_NAME_CHARS],
        message=error.message[:_MESSAGE_CHARS],
        line=error.line,
        column=error.column,
        text=error.text[:_LINE_CHARS],
    )


def _text(value: object) -> str:
    try:
        text = str(value)
    except Exception:  # noqa: BLE001 - the submission's own __str__
        return "its str() failed"
    return encodable(text[:_MESSAGE_CHARS])


def _position(value: object) -> int:
    """Return a line or column, 0 where a submission raised a SyntaxError of its own making."""
    return value if type(value) is int and 0 <= value <= sys.maxsize else 0


def line_in(traceback: TracebackType | None, file_name: str = FILE_NAME) -> int:
    """Return the innermost line of `file_name` in a traceback, 0 where there is none."""
    line = 0
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file_name:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def flush_output() -> None:
    """Flush both streams, whatever the submission did to them."""
    _flush(sys.stdout)
    _flush(sys.stderr)


def _flush(stream: object) -> None:
    try:
        stream.flush()  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - a stream of the submission's own making, or none, or closed
        return
